"""The login page in English."""

from services.gateway.language.message import Message

MESSAGES: dict[str, Message] = {
    "login.title": "Log in",
    "login.lead": "Log in to go on with the inquiries",
    "login.login": "Login or e-mail",
    "login.password": "Password",
    "login.show": "Show the password",
    "login.language": "Language of the page",
    "login.remember": "Stay logged in on this computer for 14 days",
    "login.submit": "Log in",
    "login.wrong": "Login or password do not fit",
    "login.many": "Too many attempts. Wait a minute and try again",
    "login.away": "Logging in is temporarily unavailable. Try again in a minute",
    "login.caps": "Caps Lock is on",
    "login.version": "Version {version}",
    "login.works": "The system works",
    "login.partly": "A part of the system is unavailable",
    "login.slogan": "No inquiry gets lost",
    "login.slogan.text": "Calls, letters, VK, Telegram, forms and chat come into one stream and find their manager at once.",
    "login.art.call": "Call",
    "login.art.mail": "Letter",
    "login.art.form": "Site form",
    "login.art.chat": "Chat",
    "login.art.name": "Igor Lanskoy",
    "login.art.initials": "IL",
    "login.art.text": "Got the inquiry in",
    "login.art.text2": "2 s after the call",
    "login.art.ok": "Answered in 0:21",
}
