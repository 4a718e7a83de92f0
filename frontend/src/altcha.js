// The build without injected styles: our policy allows style sheets of our own host only.
import "altcha/external";
import "altcha/i18n/de";
