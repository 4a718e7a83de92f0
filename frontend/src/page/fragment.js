/**
 * The link on a receipt carries the secret behind the #: browsers send that part to no server. Here it moves into the
 * form's field, disappears from the address, and the form opens the status.
 */
export function openFromFragment() {
  const field = document.querySelector("[data-kz-from-fragment]");
  const secret = location.hash.slice(1);
  if (!field || !/^[2-9A-Za-z-]{20,30}$/.test(secret)) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = secret;
  if (field.form.checkValidity()) field.form.requestSubmit();
}
