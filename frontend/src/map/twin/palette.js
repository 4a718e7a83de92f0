// Eight colours that people with any colour vision tell apart (Okabe and Ito 2008; black gave way to a dark violet).
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5d3a9b", "#8c6d00"];

export const colourOf = (number) => COLOURS[number % COLOURS.length];

const DRAWN = ["tiles", "features"]; // kinds that we draw in a colour; of others we show pictures

export const swatchOf = ({ kind, geometry }) => `kz-tree__swatch--${DRAWN.includes(kind) ? geometry : "picture"}`;
