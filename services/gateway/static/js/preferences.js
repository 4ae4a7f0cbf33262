// What a reader chose: theme (kept by the server, shown at once), sound and desktop notifications (this browser's).

import { chime } from "./chime.js";
import { postQuietly } from "./requests.js";
import { toast } from "./toasts.js";
import { text } from "./words.js";

const DEFAULTS = { sound: "on", desktop: "off" };

/** Whether a setting of this browser is on. */
export function isOn(name) {
  return (localStorage.getItem(`voronka.${name}`) ?? DEFAULTS[name]) === "on";
}

/** Bind the switches and the theme in the user's menu. */
export function startPreferences() {
  for (const box of document.querySelectorAll("[data-setting]")) {
    box.checked = isOn(box.dataset.setting) && (box.dataset.setting !== "desktop" || allowed());
    box.addEventListener("change", () => change(box));
  }
  document.querySelector('[data-preferences="theme"]')?.addEventListener("submit", (event) => {
    event.preventDefault();
    showTheme(event.submitter);
  });
}

async function change(box) {
  const name = box.dataset.setting;
  if (name === "desktop" && box.checked && !(await ask())) {
    box.checked = false;
    toast(text("desktop_denied"), { bad: true });
  }
  localStorage.setItem(`voronka.${name}`, box.checked ? "on" : "off");
  if (name === "sound" && box.checked) chime(); // so that one hears what will be heard
}

function allowed() {
  return "Notification" in window && Notification.permission === "granted";
}

async function ask() {
  return allowed() || ("Notification" in window && (await Notification.requestPermission()) === "granted");
}

function showTheme(button) {
  const theme = button.value;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
  postQuietly("/preferences", { theme, next: "/" }).catch(() => {}); // it holds for this page; the next one says the old
}
