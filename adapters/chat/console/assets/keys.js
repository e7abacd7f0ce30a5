/** Gives a form the id of its next press, so that the server can tell a new press from the same one sent again. */
export function newKey(form) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  form.querySelector('input[data-key]')?.setAttribute('value', key);
}
