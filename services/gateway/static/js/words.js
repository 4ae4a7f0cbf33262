// The texts that scripts may say: the server puts those of the reader's language into the page as JSON.

const source = document.getElementById("words");
const texts = source ? JSON.parse(source.textContent) : {};
const plural = new Intl.PluralRules(document.documentElement.lang || "ru");

/** The text of a key with its {values} filled in; the key itself when there is no such text. */
export function text(key, values = {}) {
  return fill(texts[key] ?? key, values);
}

/** The text in the plural form of `count`. */
export function counted(key, count, values = {}) {
  const forms = texts[key] ?? key;
  const chosen = typeof forms === "string" ? forms : (forms[plural.select(count)] ?? forms.other);
  return fill(chosen, { count, ...values });
}

function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
