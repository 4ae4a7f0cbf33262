"""The statements of intake, by hand: a fixed number for each batch, whatever its size.

Locks are always taken in one order (identity keys sorted, contact keys sorted, cursors last), so workers wait for
each other but never deadlock.
"""

NEW_KEYS = """
insert into identities (kind, value)
select k, v from unnest($1::text[], $2::text[]) as t(k, v) on conflict do nothing
"""

LOCK_KEYS = """
select i.kind, i.value, i.open_lead_id, i.spam
from unnest($1::text[], $2::text[]) with ordinality as t(k, v, o)
join identities i on i.kind = t.k and i.value = t.v
order by i.kind, i.value for update of i
"""

LOCK_KEYLESS = "select pg_advisory_xact_lock(k) from unnest($1::bigint[]) as t(k)"

STORED = "select id from inquiries where id = any($1::uuid[])"

POINTS = """
select p.kind, p.value, p.contact_id, p.shared, c.name, c.responsible_id, c.spam
from unnest($1::text[], $2::text[]) as t(k, v)
join known_points p on p.kind = t.k and p.value = t.v
join known_contacts c on c.id = p.contact_id and not c.deleted
"""

CHANNELS = "select * from known_channels where id = any($1::uuid[])"

ROLES = "select id, member_ids from known_roles where id = any($1::uuid[])"

EMPLOYEES = """
select id, name, is_active, takes_leads, keys from known_employees
where id = any($1::uuid[]) or (is_active and keys <> '{}' and keys && $2::text[])
"""

LEADS = """
select id, last_inquiry_at, contact_id, keys from leads
where id = any($1::uuid[]) and status in ('new', 'in_work', 'converting')
order by id for update
"""

LOAD = """
select responsible_id, count(*) as open from leads
where responsible_id = any($1::uuid[]) and status in ('new', 'in_work') group by 1
"""

NEW_CURSORS = """
insert into assignment_cursors (role_id, channel_id)
select r, c from unnest($1::uuid[], $2::uuid[]) as t(r, c) on conflict do nothing
"""

LOCK_CURSORS = """
select a.role_id, a.channel_id, a.counts
from unnest($1::uuid[], $2::uuid[]) as t(r, c)
join assignment_cursors a on a.role_id = t.r and a.channel_id = t.c
order by a.role_id, a.channel_id for update of a
"""

SAVE_CURSORS = """
update assignment_cursors a set counts = t.n::jsonb
from unnest($1::uuid[], $2::uuid[], $3::text[]) as t(r, c, n)
where a.role_id = t.r and a.channel_id = t.c
"""

NUMBERS = "select nextval('leads_number_seq'::regclass) as number from generate_series(1, $1::int)"

LEADS_ADDED = (
    "id",
    "number",
    "status",
    "kind",
    "channel_id",
    "name",
    "phones",
    "emails",
    "keys",
    "contact_id",
    "responsible_type",
    "responsible_id",
    "pool_role_id",
    "text",
    "inquiries_count",
    "unread_count",
    "created_at",
    "last_inquiry_at",
    "waiting_since",
    "search",
)

GROW_LEADS = """
update leads l set
  version = l.version + 1, updated_at = now(),
  inquiries_count = l.inquiries_count + t.inquiries,
  unread_count = l.unread_count + t.inquiries,
  last_inquiry_at = greatest(l.last_inquiry_at, t.last_inquiry_at),
  text = case when t.last_inquiry_at >= l.last_inquiry_at and t.text <> '' then t.text else l.text end,
  waiting_since = coalesce(least(l.waiting_since, t.first_at), t.first_at),
  contact_id = coalesce(l.contact_id, t.contact_id),
  name = case when l.name = any($2::text[]) and t.name <> '' then t.name else l.name end,
  phones = l.phones || array(select p from unnest(t.phones) p where p <> all (l.phones)),
  emails = l.emails || array(select e from unnest(t.emails) e where e <> all (l.emails)),
  keys = l.keys || t.keys,
  search = l.search || t.search
from jsonb_to_recordset($1::jsonb) as t(
  id uuid, inquiries int, last_inquiry_at timestamptz, first_at timestamptz, text text, contact_id uuid, name text,
  phones text[], emails text[], keys text[], search text)
where l.id = t.id
returning l.id, l.version, l.number, l.status, l.kind, l.channel_id, l.name, l.phones, l.emails, l.contact_id,
  l.deal_id, l.responsible_type, l.responsible_id, l.inquiries_count, l.created_at, l.last_inquiry_at
"""

INQUIRIES = (
    "id",
    "channel_id",
    "kind",
    "external_id",
    "occurred_at",
    "received_at",
    "text",
    "content",
    "rule",
    "lead_id",
    "contact_id",
)

RAW = ("inquiry_id", "received_at", "content_type", "body")

DECISIONS = ("inquiry_id", "seq", "rule", "rule_version", "lead_id", "body")

EVENTS = ("aggregate", "topic", "message_id", "body")

ADD_CONFLICTS = """
insert into conflicts (inquiry_id, digest, received_at, text, content, raw)
select t.id, md5(t.said || t.text), t.received_at, t.text, t.content, t.raw
from (
  select *, (content - $6::text[])::text || coalesce(jsonb_path_query_array(content, '$.attachments[*].size')::text, '')
    as said
  from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::jsonb[], $5::jsonb[])
    as t(id, received_at, text, content, raw)
) t
join inquiries i on i.id = t.id
where t.text <> i.text or t.said <> (i.content - $6::text[])::text
  || coalesce(jsonb_path_query_array(i.content, '$.attachments[*].size')::text, '')
on conflict do nothing
"""

OF_THE_ATTEMPT = ("ip", "user_agent", "attachments", "text_key", "suspected_spam", "spam_reasons")

CHANGE_INQUIRIES = """
update inquiries i set rule = t.r, lead_id = t.l, contact_id = t.c, version = i.version + 1
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) as t(i, r, l, c) where i.id = t.i
"""

DECIDED_BEFORE = """
select inquiry_id, max(seq) as seq from decisions where inquiry_id = any($1::uuid[]) group by inquiry_id
"""

ADD_CANDIDATE_SETS = """
insert into candidate_sets (id, candidates)
select * from unnest($1::uuid[], $2::jsonb[]) on conflict do nothing
"""

TAKE_KEYS = """
update identities i set open_lead_id = t.l
from unnest($1::text[], $2::text[], $3::uuid[]) as t(k, v, l) where i.kind = t.k and i.value = t.v
"""
