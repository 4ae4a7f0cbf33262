"""The texts in English, by area; keys beginning with `js.` are also given to the scripts of a page."""

from services.gateway.language.en import board, dialogs, frame, lead, login, reasons, scripts, undelivered
from services.gateway.language.message import Message

MESSAGES: dict[str, Message] = {
    **frame.MESSAGES,
    **board.MESSAGES,
    **lead.MESSAGES,
    **reasons.MESSAGES,
    **dialogs.MESSAGES,
    **login.MESSAGES,
    **scripts.MESSAGES,
    **undelivered.MESSAGES,
}
