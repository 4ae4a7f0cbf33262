"""The table of field names, and how names are compared with it."""

from collections import Counter
from pathlib import Path

import pytest

from connectors.forms.providers.generic.field_table import FieldTable, field_table

NAMES = {
    "name": """Name | name | NAME | your-name | fullname | full_name | Ваше имя | ВАШЕ ИМЯ * | Имя_2 | имя: | ФИО | Ф.И.О. |
        fio | imya | Имя и фамилия | Как вас зовут? | Как к Вам обращаться | client[name] | contacts.name | clientName |
        Контактное лицо | Имя клиента | name-1 | customer_name | Представьтесь, пожалуйста | fields.name.value""",
    "first_name": "first_name | firstName | fname | billing_first_name | given-name",
    "last_name": "last_name | LastName | surname | Фамилия | familiya | Ваша фамилия",
    "middle_name": "middle_name | Отчество | otchestvo | patronymic",
    "phone": """Phone | phone | PHONE | tel | your-tel | telephone | phone_number | userPhone | phone-1 | input_phone |
        billing_phone | form[phone] | mobile | telefon | nomer_telefona | Телефон | Ваш телефон | Tелефон | тел. |
        Номер телефона | Контактный телефон * | Телефон для связи | Мобильный телефон | моб | WhatsApp | Сотовый""",
    "email": """Email | E-mail | e_mail | your-email | mail | email_address | EMAIL | pochta | Почта | Эл. почта | Ваш e-mail |
        Электронная почта | Адрес электронной почты | user[email] | contactEmail | E-mail адрес""",
    "text": """message | your-message | Comment | comments | Textarea | text | question | msg | Сообщение | Ваше сообщение: |
        Комментарий | Комментарий к заказу | Вопрос | Ваш вопрос | kommentariy | soobshenie | vopros | Опишите задачу |
        Дополнительная информация | order_comments | Пожелания""",
    "subject": "subject | your-subject | theme | Тема | Тема сообщения | formname | form_name | quiz.name",
    "company": "company | company_name | Компания | Название компании | organization | Организация",
    "city": "city | Город | Ваш город | gorod | billing_city",
    "product": "product | product_name | Товар | Услуга | tovar | service | product.name",
    "page": "page | page_url | pageUrl | URL | href | extra.href | Страница",
    "referrer": "referrer | referer | HTTP_REFERER | extra.referrer",
    "utm_source": "utm_source | UTM_SOURCE | utm-source | utm.source | extra.utm.source",
    "utm_medium": "utm_medium | utmMedium",
    "utm_campaign": "utm_campaign",
    "utm_term": "utm_term",
    "utm_content": "utm_content",
    "utm_my_mark": "utm_my_mark",
    "telegram": "telegram | Телеграм | tg | Ник в Telegram",
    "vk": "vk | ВКонтакте",
    "consent": "consent | agree | Согласие на обработку персональных данных | Согласен",
    "number": """inn | ИНН | order_id | Номер заказа | price | Сумма | ОГРН | Артикул | ИНН организации | company_inn |
        ИНН/КПП | Номер карты | card_number | Расчётный счёт компании | Паспортные данные | Номер счёта | bank[account]""",
    "tracking": "yclid | gclid | ym_client_id | _ym_uid | quiz.id | extra.ip | roistat | session_guid",
    "honeypot": "_gotcha | honeypot | website_url_hp | form-spec-comments | bot-field",
    "service": "_wpcf7 | _wpcf7_unit_tag | csrf_token | g-recaptcha-response | tranid | formid | tildaspec-cookie | submit",
    "redirect": "redirect | success_url | _next",
    "submission": "submission_id | submissionId",
    "": """Имя ребёнка | products.1.name | Какой тип кирпича? | website | Ваш возраст | user | contact | Checkbox |
        Телефон или почта | Телефон владельца карты | ИНН или телефон | result.title | | * | 123 | file_name""",
}
CASES = [(name.strip(), meaning) for meaning, names in NAMES.items() for name in names.split("|")]


@pytest.mark.parametrize(("name", "meaning"), CASES)
@pytest.mark.feature("S046")
def test_a_field_is_understood_by_its_name(name: str, meaning: str) -> None:
    assert field_table().meaning(name) == meaning


def test_far_more_than_eighty_names_are_known() -> None:
    understood = Counter(meaning for _, meaning in CASES if meaning)
    assert understood.total() > 150
    assert len(field_table()) > 500


def test_a_name_with_two_meanings_is_found_when_the_table_is_read(tmp_path: Path) -> None:
    table = tmp_path / "fields.toml"
    table.write_text(
        'noise = []\n[names]\nname = ["fio"]\nphone = ["F.I.O."]\n[prefixes]\n[endings]\n[labels]\n',
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="both name and phone"):
        FieldTable.read(table)


def test_names_from_strangers_do_not_fill_the_memory() -> None:
    table = FieldTable.read()
    for number in range(25_000):
        table.meaning(f"поле {number}")
    assert len(table._seen) <= 10_000
    assert table.meaning("Телефон" * 1_000) == ""
