// The login page: the password can be shown, and Caps Lock is told of.

const field = document.getElementById("password");
const button = document.querySelector("[data-reveal]");
const caps = document.getElementById("caps");

button.addEventListener("click", () => {
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  field.focus();
});

for (const kind of ["keydown", "keyup", "pointerdown"]) {
  document.addEventListener(kind, (event) => {
    if (event.getModifierState) caps.hidden = !event.getModifierState("CapsLock");
  });
}
