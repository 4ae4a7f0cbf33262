"""Who works in the demo company and who writes to it. All names, numbers and addresses are made up."""

from dataclasses import dataclass

COMPANY = "Кров и Камень"


@dataclass(frozen=True, slots=True)
class Colleague:
    """An employee; `roles` are keys of ROLES or of the built-in roles."""

    login: str
    name: str
    email: str
    phone: str
    roles: tuple[str, ...]


COLLEAGUES = (
    Colleague("veresova", "Ольга Вересова", "o.veresova@krovikamen.example", "+78125550101", ("head",)),
    Colleague("lanskoy", "Игорь Ланской", "i.lanskoy@krovikamen.example", "+78125550102", ("retail",)),
    Colleague("rogova", "Анна Рогова", "a.rogova@krovikamen.example", "+78125550103", ("retail",)),
    Colleague("kim", "Дмитрий Ким", "d.kim@krovikamen.example", "+78125550104", ("retail",)),
    Colleague("sokolov", "Павел Соколов", "p.sokolov@krovikamen.example", "+78125550105", ("wholesale",)),
    Colleague("belova", "Марина Белова", "m.belova@krovikamen.example", "+78125550106", ("wholesale",)),
    Colleague("orlova", "Вера Орлова", "v.orlova@krovikamen.example", "+78125550107", ("dispatcher",)),
)

ROLES = {"retail": "Розница", "wholesale": "Опт"}
HEADED_BY = "veresova"


@dataclass(frozen=True, slots=True)
class WayIn:
    """A channel; `key` is how the demo's own tables call it."""

    key: str
    kind: str
    provider: str
    name: str
    role: str
    strategy: str = "everyone"
    sticky: bool = False
    reason_required: bool = False


CHANNELS = (
    WayIn("site", "form", "generic", "Сайт: расчёт стоимости", "retail", reason_required=True),
    WayIn("roof", "form", "tilda", "Лендинг «Кровля под ключ»", "retail", "round_robin"),
    WayIn("offer", "form", "generic", "Сайт: запрос КП для юрлиц", "wholesale", "round_robin", sticky=True),
    WayIn("calls", "telephony", "mango", "Mango · 309-40-12", "retail"),
    WayIn("mail", "mailbox", "imap", "zakaz@krovikamen.example", "wholesale", "round_robin", sticky=True),
    WayIn("vk", "vk", "vk", "ВКонтакте «Кров и Камень»", "retail"),
)

CLIENTS = (
    ("Сергей Маклаков", "+79523610529", ""),
    ("Татьяна Овчинникова", "+79112087740", "t.ovchinnikova@mail.example"),
    ("Елена Гаврилова", "+79219034417", "gavrilova.elena@mail.example"),
    ("Кирилл Бажин", "+79046120833", "bazhin@stroyka.example"),
    ("Наталья Круглова", "+79818047710", ""),
    ("Андрей Лисовский", "+79213357091", "lisovskiy@post.example"),
    ("Юлия Пантелеева", "+79602418856", ""),
    ("Вадим Рогов", "+79315209934", "rogov.v@mail.example"),
    ("Олеся Марченко", "+79062547781", ""),
    ("Роман Щеглов", "+79219601254", "r.sheglov@post.example"),
    ("Инна Воробьёва", "+79117643320", "inna.vorobyeva@mail.example"),
    ("Борис Климов", "+79500386642", ""),
    ("Лев Аксёнов", "+79819124075", "aksenov@dom.example"),
    ("Тимур Хасанов", "+79046538811", ""),
    ("Светлана Юрьева", "+79215573390", "yurieva@mail.example"),
    ("Геннадий Шор", "+79602094417", ""),
    ("Жанна Мирная", "+79312287706", "zh.mirnaya@post.example"),
    ("Эдуард Панин", "+79118450023", ""),
    ("Пётр Алёшин", "+79219338841", "aleshin@mail.example"),
    ("Алина Горшкова", "+79523047719", ""),
    ("Виктор Ельцов", "+79062219934", "eltsov@dacha.example"),
    ("Мария Зотова", "+79817730042", ""),
    ("Олег Савин", "+79219045566", "savin.oleg@mail.example"),
    ("Ксения Дорофеева", "+79046691207", "k.dorofeeva@post.example"),
)

FIRMS = (
    ("ООО «Тёплый контур»", "+78123340917", "snab@tkontur.example"),
    ("АО «Ладога-Сервис»", "+78129950630", "zakupki@ladoga-service.example"),
    ("ООО «Невский пакгауз»", "+78124470285", "info@pakgauz.example"),
    ("ИП Бажин К. О.", "+79046120833", "bazhin@stroyka.example"),
    ("ООО «СтройГарант Северо-Запад»", "+78126781540", "tender@sgsz.example"),
    ("ООО «Дом на века»", "+78123056612", "office@domnaveka.example"),
)

FIRST_NAMES = (
    "Алексей", "Ирина", "Максим", "Оксана", "Никита", "Людмила", "Артур", "Галина", "Степан", "Вероника",
    "Илья", "Полина", "Руслан", "Дарья", "Михаил", "Евгения", "Денис", "Надежда", "Фёдор", "Лариса",
)  # fmt: skip
LAST_NAMES = (  # that are the same for women and men
    "Карпенко", "Шевчук", "Мороз", "Гончар", "Дорош", "Крамаренко", "Бондарь", "Левченко", "Коваль", "Рябчук",
    "Литвин", "Шаповал", "Грач", "Бабич", "Корж", "Ткаченко", "Савчук", "Петренко", "Бойко", "Гурко",
)  # fmt: skip
