"""The icons that the pages use, by their names in the vendored set."""

ICONS = (
    "adjustments-horizontal", "alert-circle", "alert-triangle", "arrow-back-up", "arrow-left", "arrows-exchange",
    "ban", "bell", "bell-off", "brand-telegram", "brand-vk", "briefcase", "check", "chevron-down", "chevron-left", "chevron-right",
    "circle-check-filled", "clipboard-text", "clock", "code", "copy", "device-desktop", "dots", "dots-vertical",
    "external-link", "eye", "eye-off", "filter", "git-branch", "headset", "help", "history", "inbox", "keyboard",
    "language", "layout-kanban", "link", "login-2", "logout", "mail", "menu-2", "message", "message-2", "message-circle", "moon",
    "pencil", "phone", "phone-incoming", "phone-outgoing", "phone-x", "player-pause", "plug-connected-x", "refresh",
    "route", "search", "sun", "target-arrow", "user", "user-check", "user-plus", "users", "users-group", "volume",
    "world", "x",
)  # fmt: skip
