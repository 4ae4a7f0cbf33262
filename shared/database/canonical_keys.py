"""The form of keys that revisions of contacts and leads lay down, and the way there from what was stored before.

A revision must not change when the code does: this text is its own, and tests tell when `shared/kernel/canonical.py`
says something else. What has gone out to installations stays; another form is another text and another revision.
"""

from collections.abc import Iterator

KINDS = ("phone", "email", "vk", "telegram", "contact")
_CHECKS = {
    "phone": (
        "length(KEY) between 6 and 15",
        "KEY ~ '^(7[347-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]|[1-69][0-9]+|8[0-8][0-9]+)$'",
        "KEY not like all ('{810%,8800%}'::text[])",
    ),
    "email": (
        "length(KEY) between 5 and 320",
        """KEY ~ '^[^] "(),:;<>@[A-ZА-ЯЁ]+@[a-z0-9.-]+[.][a-z0-9-]+$'""",
        "KEY not like all ('{%.%@gmail.com,%.%@yandex.ru,%.%@proton.me,%-%@proton.me}'::text[])",
        "split_part(KEY, '@', 2) <> all ('{googlemail.com,ya.ru,yandex.com,yandex.by,yandex.kz,yandex.ua,yandex.com.tr,me.com,mac.com,protonmail.com,pm.me}'::text[])",
        "(strpos(KEY, '+') = 0 or split_part(KEY, '@', 2) <> all ('{gmail.com,yandex.ru,icloud.com,proton.me,mail.ru,bk.ru,inbox.ru,list.ru,internet.ru,narod.ru,outlook.com,hotmail.com,live.com,msn.com,fastmail.com}'::text[]))",
        "(strpos(KEY, '_') = 0 or split_part(KEY, '@', 2) <> all ('{proton.me}'::text[]))",
    ),
    "vk": (
        "length(KEY) between 1 and 32",
        "KEY ~ '^(-?[1-9][0-9]*|(?!(id|club|public|event)[0-9]+$)[0-9.]*[a-z_][a-z0-9_.]*)$'",
    ),
    "telegram": (
        "length(KEY) between 1 and 32",
        "KEY ~ '^(-?[1-9][0-9]*|[a-z][a-z0-9_][a-z0-9_][a-z0-9_]+)$'",
    ),
    "contact": ("length(KEY) between 36 and 36", "KEY ~ '^[0-9a-f-]+$'"),
}

_ONE = """
CREATE FUNCTION canonical_key(kind text, key text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    name text := lower(regexp_replace(key, '@[^@]*$', ''));
    domain text := lower(substring(key from '@([^@]*)$'));
BEGIN
    IF (CHECK) THEN
        RETURN key;
    END IF;
    IF kind = 'phone' THEN
        key := regexp_replace(key, '[^0-9]', '', 'g');
        key := CASE
            WHEN key LIKE '810%' THEN substr(key, 4)
            WHEN key ~ '^8[0-9]{10}$' THEN '7' || substr(key, 2)
            ELSE key
        END;
    ELSIF kind = 'email' THEN
        domain := CASE
            WHEN domain = 'googlemail.com' THEN 'gmail.com'
            WHEN domain ~ '^(ya[.]ru|yandex[.](com|by|kz|ua|com[.]tr))$' THEN 'yandex.ru'
            WHEN domain IN ('me.com', 'mac.com') THEN 'icloud.com'
            WHEN domain IN ('protonmail.com', 'pm.me') THEN 'proton.me'
            ELSE domain
        END;
        key := name || '@' || domain;
        IF NOT (CHECK) THEN
            name := rtrim(split_part(name, '+', 1), '.');
            key := CASE domain
                WHEN 'gmail.com' THEN replace(name, '.', '')
                WHEN 'yandex.ru' THEN replace(name, '.', '-')
                WHEN 'proton.me' THEN translate(name, '.-_', '')
                ELSE name
            END || '@' || domain;
        END IF;
    ELSIF kind = 'vk' THEN
        key := regexp_replace(ltrim(lower(key), '@'), '^id0*([1-9][0-9]*)$', '\\1');
        key := regexp_replace(key, '^(club|public|event)0*([1-9][0-9]*)$', '-\\2');
    ELSE
        key := ltrim(lower(key), '@');
    END IF;
    key := regexp_replace(key, '^(-?)0+([1-9][0-9]*)$', '\\1\\2');
    RETURN CASE WHEN (CHECK) THEN key END;
END $$
"""
_MANY = """
CREATE FUNCTION canonical_keys(keys text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(kind || ':' || value ORDER BY place), '{}') FROM (
        SELECT kind, canonical_key(kind, value) AS value, min(place) AS place FROM (
            SELECT split_part(k, ':', 1) AS kind, substr(k, strpos(k, ':') + 1) AS value, place
            FROM unnest(keys) WITH ORDINALITY AS given(k, place)
        ) AS parted GROUP BY 1, 2
    ) AS folded WHERE value IS NOT NULL
$$
"""


def key_check(column: str, *kinds: str) -> str:
    """Return the condition over the columns `kind` and this one: only canonical keys of these kinds."""
    cases = " ".join(
        f"when '{kind}' then {' and '.join(_CHECKS[kind]).replace('KEY', column)}" for kind in kinds
    )
    return f"case kind {cases} else false end"


def canonical_functions() -> Iterator[str]:
    """Yield what makes `canonical_key(kind, key)` and `canonical_keys(array of kind:key)` for one revision.

    The first gives null for what only a human can read; the second leaves such keys out.
    """
    yield _ONE.replace("CHECK", key_check("key", *KINDS))
    yield _MANY


def drop_canonical_functions() -> Iterator[str]:
    """Yield what takes both functions away again."""
    yield "DROP FUNCTION canonical_keys(text[])"
    yield "DROP FUNCTION canonical_key(text, text)"
