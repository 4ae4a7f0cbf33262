"""The login page in Russian."""

from services.gateway.language.message import Message

MESSAGES: dict[str, Message] = {
    "login.title": "Вход",
    "login.lead": "Войдите, чтобы продолжить работу с обращениями",
    "login.login": "Логин или почта",
    "login.password": "Пароль",
    "login.show": "Показать пароль",
    "login.language": "Язык страницы",
    "login.remember": "Не выходить на этом компьютере 14 дней",
    "login.submit": "Войти",
    "login.wrong": "Логин или пароль не подходят",
    "login.many": "Слишком много попыток. Подождите минуту и попробуйте снова",
    "login.away": "Вход временно недоступен. Попробуйте через минуту",
    "login.caps": "Включён Caps Lock",
    "login.version": "Версия {version}",
    "login.works": "Система работает",
    "login.partly": "Часть системы недоступна",
    "login.slogan": "Ни одно обращение не потеряется",
    "login.slogan.text": "Звонки, письма, ВКонтакте, Telegram, заявки и чат попадают в одну ленту и сразу находят своего менеджера.",
    "login.art.call": "Звонок",
    "login.art.mail": "Письмо",
    "login.art.form": "Заявка с сайта",
    "login.art.chat": "Чат",
    "login.art.name": "Игорь Ланской",
    "login.art.initials": "ИЛ",
    "login.art.text": "Получил обращение через",
    "login.art.text2": "2 с после звонка",
    "login.art.ok": "Ответил за 0:21",
}
