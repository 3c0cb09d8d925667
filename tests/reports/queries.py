"""What people read of a measure, each beside a query over ``run.sqlite`` that owes nothing to the folds.

A phrase and its query stand in one row, so that whoever changes the words must look at what is counted.
Every query gives one number, or NULL where there is nothing to count.
"""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

# Tables that the queries speak of, made anew for one run: :run, :opens, :closes, :ends are its row in ``runs``.
TABLES = {
    "cohort": """SELECT client, min(at) AS asked, min(at) + :ends - :closes AS until FROM asked
        WHERE run = :run GROUP BY client HAVING min(at) >= :opens AND min(at) < :closes""",
    "problems": """SELECT DISTINCT problem, client FROM asked JOIN cohort USING (client)
        WHERE run = :run AND at <= until""",
    "met": """SELECT k.*, row_number() OVER (PARTITION BY client ORDER BY seq) AS n
        FROM contact k JOIN cohort USING (client) WHERE run = :run AND at <= until AND client IN
        (SELECT client FROM contact JOIN cohort USING (client) WHERE run = :run AND at <= until AND ordinal > 0)""",
    "mine": "SELECT o.* FROM matter_opened o JOIN cohort USING (client) WHERE run = :run AND at <= until",
    "ended": "SELECT c.* FROM matter_closed c JOIN cohort USING (client) WHERE run = :run AND at <= until",
    "who": "SELECT p.* FROM person p JOIN cohort USING (client) WHERE run = :run",
    "goals": "SELECT DISTINCT matter FROM goal_set JOIN cohort USING (client) WHERE run = :run AND at <= until",
    "reviews": "SELECT r.* FROM goal_reviewed r JOIN cohort USING (client) WHERE run = :run AND at <= until",
    "companion": """SELECT adviser FROM adviser_joined
        WHERE run = :run AND role IN ('volunteer', 'peer_supporter')""",
    "days": "SELECT * FROM diary WHERE run = :run AND at > :opens AND at <= :closes",
    "held": "SELECT * FROM contact WHERE run = :run AND at >= :opens AND at < :closes",
    "shut": "SELECT * FROM matter_closed WHERE run = :run AND at >= :opens AND at < :closes",
    "got": """SELECT o.* FROM outcome o JOIN problems USING (problem) JOIN cohort ON cohort.client = o.client
        WHERE run = :run AND at <= until""",
}


def middle(values: str) -> str:
    """Give the median of a column ``v``."""
    return f"""SELECT avg(v) FROM (SELECT v, row_number() OVER (ORDER BY v) AS r, count(*) OVER () AS n
        FROM ({values})) WHERE r IN ((n + 1) / 2, (n + 2) / 2)"""


def part_of(part: float, values: str) -> str:
    """Give what a part of a column ``v`` does not exceed, interpolated."""
    place = f"({part} * (n - 1))"
    return f"""SELECT max(CASE WHEN r = CAST({place} AS INT) THEN v END) + ({place} - CAST({place} AS INT))
        * (max(CASE WHEN r = min(n - 1, CAST({place} AS INT) + 1) THEN v END)
         - max(CASE WHEN r = CAST({place} AS INT) THEN v END))
        FROM (SELECT v, row_number() OVER (ORDER BY v) - 1 AS r, count(*) OVER () AS n FROM ({values}))"""


def edge(part: float) -> str:
    """Give the vulnerability below which a part of the cohort lies, interpolated."""
    return f"({part_of(part, 'SELECT vulnerability AS v FROM who')})"


LEAST = f"(SELECT client FROM who WHERE vulnerability <= {edge(0.2)})"
MOST = f"(SELECT client FROM who WHERE vulnerability >= {edge(1 - 0.2)})"


def gap(of: str) -> str:
    """Give a query of the most vulnerable less the same of the least; ``{}`` stands for the group."""
    return f"SELECT ({of.format(MOST)}) - ({of.format(LEAST)})"


def among(clients: str) -> str:
    """Give the share of a group that is among clients."""
    return f"SELECT avg(client IN ({clients})) FROM cohort WHERE client IN {{}}"


def of_time(*activities: str) -> str:
    """Give the share of advisers' time at work that went on activities."""
    return f"SELECT 1.0 * sum({' + '.join(activities)}) / sum(available) FROM days"


REFUSED = "SELECT client FROM turned_away JOIN cohort USING (client) WHERE run = :run AND at <= until"
GAVE_UP = 'SELECT client FROM "left" JOIN cohort USING (client) WHERE run = :run AND at <= until'
UNSEEN = f"{GAVE_UP} AND client NOT IN (SELECT client FROM met)"
LOST = f"{GAVE_UP} AND reason = 'referral'"
WAITS = """SELECT (min(CASE WHEN ordinal > 0 THEN began END) - asked) / 1440.0 AS v
    FROM met JOIN cohort USING (client) {} GROUP BY client"""
REVIEWED = """SELECT DISTINCT r.matter FROM reviews r LEFT JOIN
    (SELECT matter, at FROM matter_closed WHERE run = :run) AS e USING (matter)
    WHERE r.state = 'open' OR r.at < coalesce(e.at, :ends)"""
GONE = "(SELECT min(at) FROM adviser_left l WHERE l.run = :run AND l.adviser = j.adviser)"
STANDING = """SELECT DISTINCT organisation FROM adviser_joined WHERE run = :run AND organisation NOT IN
    (SELECT organisation FROM organisation_closed WHERE run = :run AND at <= {})"""
POSTS = """SELECT organisation, count(DISTINCT post) AS v FROM adviser_joined WHERE run = :run
    GROUP BY organisation"""
# What is paid in advance belongs to the time that it is for, the rest to the day on which it comes.
CHARGED = """run = :run AND CASE WHEN since < 0 THEN at > :opens AND at <= :closes
    ELSE since >= :opens AND since < :closes END"""
SPEND = f"""SELECT organisation, sum(pence) AS pence FROM paid WHERE {CHARGED}
    GROUP BY organisation HAVING sum(pence) > 0"""
BESIDE = """SELECT avg(resolved) FROM got WHERE matter IN (SELECT matter FROM companion_offered
    WHERE run = :run AND offered = {})"""


# From where one meeting of a client began to where another did, in the order of the log.
BETWEEN = """(SELECT began FROM met b WHERE b.client = i.client AND b.n = i.hi)
    - (SELECT began FROM met a WHERE a.client = i.client AND a.n = i.lo)"""


class Read(NamedTuple):
    """What stands within a sentence, what stands in a table, and the query for the number beside them."""

    phrase: str
    label: str
    query: str


MEASURES: Mapping[str, Read] = {
    "continuity.coc": Read(
        "the chance that two different contacts of a client were with the same adviser", "same adviser",
        """SELECT avg(c) FROM (SELECT 1.0 * (sum(k * k) - sum(k)) / (sum(k) * (sum(k) - 1)) AS c
        FROM (SELECT client, adviser, count(*) AS k FROM met GROUP BY client, adviser)
        GROUP BY client HAVING sum(k) > 1)""",
    ),
    "continuity.secon": Read(
        "the share of contacts that were with the adviser of the contact before", "adviser of last time",
        """SELECT avg(s) FROM (SELECT 1.0 * sum(same) / (count(*) - 1) AS s
        FROM (SELECT client, adviser = lag(adviser) OVER (PARTITION BY client ORDER BY n) AS same FROM met)
        GROUP BY client HAVING count(*) > 1)""",
    ),
    "continuity.contacts_per_client": Read(
        "the mean number of contacts of a client who was seen", "contacts per client",
        "SELECT 1.0 * count(*) / count(DISTINCT client) FROM met",
    ),
    "continuity.known_adviser": Read(
        "the share of contacts with an adviser whom the client had met in the 24 months before",
        "adviser known before",
        """SELECT avg(EXISTS (SELECT 1 FROM met b WHERE b.client = m.client AND b.adviser = m.adviser
        AND b.n < m.n AND b.began >= m.began - 2 * 525960)) FROM met m""",
    ),
    "continuity.retelling_minutes_per_matter": Read(
        "how long clients spent telling their story again to an adviser who was new to them",
        "retelling per matter", "SELECT sum(retelling) * 1.0 / (SELECT count(*) FROM mine) FROM met",
    ),
    "continuity.broken_promises_per_matter": Read(
        "how often a matter passed to somebody else without warning, because the adviser left",
        "passed on without warning, per matter",
        """SELECT 1.0 * (SELECT count(*) FROM hand_over JOIN cohort USING (client) WHERE run = :run
        AND at <= until AND reason = 'leaving' AND matter IN (SELECT matter FROM mine)) / count(*) FROM mine""",
    ),
    "continuity.longest_spell_share": Read(
        "the longest unbroken time with one adviser, as a share of the time from first to last contact",
        "longest time with one adviser",
        f"""SELECT avg(1.0 * spell / whole) FROM (SELECT client, max({BETWEEN}) AS spell FROM
        (SELECT client, min(n) AS lo, max(n) AS hi FROM (SELECT *, n - row_number() OVER
        (PARTITION BY client, adviser ORDER BY n) AS island FROM met) GROUP BY client, adviser, island) AS i
        GROUP BY client) JOIN (SELECT client, {BETWEEN} AS whole FROM
        (SELECT client, min(n) AS lo, max(n) AS hi FROM met GROUP BY client) AS i) USING (client)
        WHERE whole > 0""",
    ),
    "continuity.trust_at_closing": Read(
        "how far the client trusted the adviser when the matter closed, from 0 to 1", "trust at closing",
        "SELECT avg(trust) FROM ended",
    ),
    "admin.share": Read(
        "the share of advisers' time at work that went on admin, whether a contract demanded it or not",
        "time on admin", of_time("duty", "admin"),
    ),
    "admin.minutes_per_matter": Read(
        "the adviser minutes of admin that went with each matter closed, on average", "admin per matter",
        "SELECT 1.0 * sum(duty + admin) / (SELECT count(*) FROM shut) FROM days",
    ),
    "admin.unpaid_duty_minutes_per_matter": Read(
        "how many adviser minutes of contract duties that no block pays for went with each matter closed",
        "unpaid duties per matter",
        """SELECT 1.0 * sum(f.adviser_minutes * NOT f.paid) / (SELECT count(*) FROM shut)
        FROM duty_done d JOIN duty_fell f USING (run, duty)
        WHERE run = :run AND d.at >= :opens AND d.at < :closes""",
    ),
    **{
        f"time.{activity}_share": Read(
            f"the share of advisers' time at work that went on {meaning}", label, of_time(activity)
        )
        for activity, meaning, label in (
            ("contact", "advising clients, retelling included", "time advising clients"),
            ("listening", "listening to clients beyond what the advice itself needs", "time listening"),
            ("casework", "work on matters without the client", "casework"),
            ("duty", "admin that a contract demands", "duty"),
            ("admin", "admin that no contract demands", "admin"),
            ("handover", "reading up and passing on matters of others", "handover"),
            ("supervision", "supervising or being supervised", "supervision"),
            ("travel", "travel", "travel"),
            ("missed", "waiting for clients who did not come", "missed"),
            ("idle", "nothing, for want of clients or of permission to help them", "idle"),
        )
    },
    "time.with_clients_share": Read(
        "the share of advisers' time at work spent with clients", "time with clients",
        of_time("contact", "listening"),
    ),
    "time.listening_minutes_per_client": Read(
        "how long a client who was seen was listened to, beyond what the advice itself needed",
        "listening per client", "SELECT 1.0 * sum(listening) / count(DISTINCT client) FROM met",
    ),
    "time.face_to_face_share": Read(
        "the share of time with clients that was face to face", "time with clients face to face",
        """SELECT 1.0 * sum((core + listening + retelling) * (channel = 'face_to_face'))
        / sum(core + listening + retelling) FROM held""",
    ),
    **{
        f"time.remote_contacts_{word}": Read(
            f"the share of contacts not face to face, among clients who {prefer}",
            f"contacts at a distance, {word}",
            f"""SELECT avg(m.channel != 'face_to_face') FROM met m JOIN who w USING (client)
            WHERE w.channel {sign} 'face_to_face'""",
        )
        for word, prefer, sign in (
            ("wanted", "prefer the telephone or a screen", "!="), ("unwanted", "prefer to be seen", "="),
        )
    },
    "time.listening_by_companions_share": Read(
        "the share of listening that volunteers and peer supporters did", "listening by volunteers",
        "SELECT 1.0 * sum(listening * (adviser IN companion)) / sum(listening) FROM held",
    ),
    "time.discretion_share": Read(
        "the share of contacts in which the adviser was free to depart from the procedure of a contract",
        "contacts with discretion",
        """SELECT avg(discretion) FROM held JOIN (SELECT matter, discretion FROM matter_opened
        WHERE run = :run) USING (matter) WHERE core > 0""",
    ),
    "time.departures_share": Read(
        "the share of contacts in which the adviser used that freedom to give more than facts and advice",
        "contacts with discretion used",
        """SELECT avg(discretion AND listening > 0) FROM held JOIN (SELECT matter, discretion
        FROM matter_opened WHERE run = :run) USING (matter) WHERE core > 0""",
    ),
    "time.listening_unlike_share": Read(
        "the share of listening that would have to change hands for advisers to listen alike for like need",
        "listening unlike between advisers",
        """WITH by_adviser AS (SELECT sum(listening) AS l, sum(relational_need) AS n FROM held
        JOIN (SELECT client, relational_need FROM person WHERE run = :run) USING (client)
        WHERE core > 0 AND adviser NOT IN companion
        AND matter IN (SELECT matter FROM matter_opened WHERE run = :run) GROUP BY adviser)
        SELECT sum(abs(l - (SELECT 1.0 * sum(l) / sum(n) FROM by_adviser) * n)) / (2 * sum(l))
        FROM by_adviser""",
    ),
    "access.days_to_first_contact": Read(
        "the median time from first asking to first meeting an adviser", "median days until seen",
        middle(WAITS.format("")),
    ),
    "access.days_to_first_contact_p90": Read(
        "the time from first asking to first meeting an adviser that nine in ten do not exceed",
        "days until nine in ten are seen", part_of(0.9, WAITS.format("")),
    ),
    "access.left_before_seen": Read(
        "the share of those who asked who gave up, or were lost on the way, without having met an adviser",
        "left before being seen", among(UNSEEN).format("(SELECT client FROM cohort)"),
    ),
    "access.turned_away": Read(
        "the share of those who asked who were turned away at least once", "turned away",
        among(REFUSED).format("(SELECT client FROM cohort)"),
    ),
    "access.lost_at_referral": Read(
        "the share of those who asked who were lost on the way from one organisation to another",
        "lost at referral", among(LOST).format("(SELECT client FROM cohort)"),
    ),
    "access.helped_before_crisis": Read(
        "the share of problems asked about that were brought before their crisis point and then helped",
        "helped before crisis", "SELECT avg(problem IN (SELECT problem FROM got WHERE early)) FROM problems",
    ),
    "access.disclosed_early": Read(
        "how many problems kept back at first a client told an adviser of before their crisis point",
        "disclosed before crisis, per client",
        """SELECT 1.0 * (SELECT count(*) FROM disclosed JOIN cohort USING (client)
        WHERE run = :run AND at <= until AND early AND client IN
        (SELECT client FROM met)) / count(DISTINCT client) FROM met""",
    ),
    **{
        f"access.{name}_gap": Read(
            f"{words} among the most vulnerable fifth of clients, less the same among the least vulnerable fifth of "
            "clients", label,
            gap(query),
        )
        for name, words, label, query in (
            ("days_to_first_contact", "the median days from first asking to first meeting an adviser",
             "median days until seen, gap (red)", middle(WAITS.format("WHERE client IN {}"))),
            ("turned_away", "the share turned away", "turned away, gap (red)", among(REFUSED)),
            ("left_before_seen", "the share who gave up or were lost unseen", "left before being seen, gap (red)",
             among(UNSEEN)),
            ("lost_at_referral", "the share lost between two doors", "lost at referral, gap (red)", among(LOST)),
            ("helped_before_crisis", "the share of problems helped before crisis",
             "helped before crisis, gap (red)",
             "SELECT avg(problem IN (SELECT problem FROM got WHERE early)) FROM problems WHERE client IN {0}"),
            ("disclosed_early", "problems told of before crisis that were kept back at first",
             "disclosed before crisis, gap (red)",
             """SELECT 1.0 * (SELECT count(*) FROM disclosed JOIN cohort USING (client)
        WHERE run = :run AND at <= until AND early AND client IN
             (SELECT client FROM met) AND client IN {0}) / count(DISTINCT client) FROM met
             WHERE client IN {0}"""),
        )
    },
    "goals.set_per_matter": Read(
        "the share of matters in which client and adviser agreed on a goal and a time frame",
        "matters with a goal", "SELECT 1.0 * (SELECT count(*) FROM goals) / count(*) FROM mine",
    ),
    "goals.reviewed_share": Read(
        "the share of goals that client and adviser looked at again", "goals looked at again",
        f"SELECT 1.0 * (SELECT count(*) FROM ({REVIEWED})) / nullif(count(*), 0) FROM goals",
    ),
    **{
        f"goals.{name}_share": Read(
            phrase, label,
            f"""SELECT 1.0 * (SELECT count(*) FROM reviews WHERE state = '{state}') / nullif(count(*), 0)
            FROM goals""",
        )
        for name, state, phrase, label in (
            ("reached_in_time", "reached", "the share of goals that were reached within the time frame agreed",
             "goals reached in time"),
            ("lapsed", "lapsed", "the share of goals whose time ran out, or whose matter closed unresolved",
             "goals lapsed"),
        )
    },
    "outcomes.resolved_share": Read(
        "the share of problems asked about that were resolved", "problems resolved",
        "SELECT avg(problem IN (SELECT problem FROM got WHERE resolved)) FROM problems",
    ),
    "outcomes.resolved_early_share": Read(
        "the share of problems asked about that were resolved with help asked for before their crisis point",
        "problems resolved early",
        "SELECT avg(problem IN (SELECT problem FROM got WHERE resolved AND early)) FROM problems",
    ),
    "outcomes.strain": Read(
        "how strained advisers were, from 0 to 1, on average over their months", "strain of advisers",
        "SELECT avg(strain) FROM days WHERE adviser NOT IN companion",
    ),
    "outcomes.advisers_kept": Read(
        "the share of advisers in post when the window opened who were still there when it closed",
        "advisers kept",
        f"""SELECT avg(coalesce({GONE}, :closes) >= :closes) FROM adviser_joined j WHERE run = :run
        AND at <= :opens AND coalesce({GONE}, :closes) > :opens AND adviser NOT IN companion""",
    ),
    "outcomes.capability_gained": Read(
        "how much of what full capability means clients had gained in the end, from 0 to 1",
        "capability gained by clients",
        """SELECT 1.0 * coalesce((SELECT sum(capability) FROM (SELECT capability, row_number() OVER
        (PARTITION BY client ORDER BY seq DESC) AS last FROM aftermath JOIN cohort USING (client)
        WHERE run = :run AND at <= until) WHERE last = 1), 0) / count(DISTINCT client) FROM met""",
    ),
    "outcomes.advice_acted_on": Read(
        "the share of matters after which the client did what had been agreed", "advice acted on",
        "SELECT avg(acted) FROM aftermath JOIN cohort USING (client) WHERE run = :run AND at <= until",
    ),
    **{
        f"outcomes.resolved_{name}_companion": Read(
            f"the share of matters that resolved the problem where chance {word} the client a volunteer or peer"
            " supporter, of clients who want one",
            f"resolved, companion {name.replace('_', ' ')}", BESIDE.format(offered),
        )
        for name, word, offered in (("offered", "offered", 1), ("not_offered", "did not offer", 0))
    },
    "money.hours_worked_per_matter": Read(
        "how many hours with and for the client went into each matter closed, duties left out",
        "hours worked per matter", "SELECT sum(given + listened) / 60.0 / count(*) FROM shut",
    ),
    "money.earned": Read(
        "what the work done entitled organisations to, whether or not yet paid", "earned",
        """SELECT coalesce(sum(pence), 0) / 100.0 FROM entitled WHERE run = :run AND at > :opens AND at <= :closes""",
    ),
    "money.payer_spend": Read(
        "what the payer paid for the time of the study", "payer's spending",
        f"SELECT coalesce(sum(pence), 0) / 100.0 FROM paid WHERE {CHARGED}",
    ),
    "money.payer_spend_per_resolved": Read(
        "what the payer paid for each problem resolved", "spending per resolved",
        f"""SELECT sum(pence) / 100.0 / (SELECT nullif(count(DISTINCT problem), 0) FROM outcome WHERE run = :run
        AND resolved AND at >= :opens AND at < :closes) FROM paid WHERE {CHARGED}""",
    ),
    "diversity.organisations_surviving": Read(
        "the share of organisations that did not shut for want of money", "organisations surviving",
        f"""SELECT 1.0 * (SELECT count(*) FROM ({STANDING.format(':closes')})) / count(*)
        FROM ({STANDING.format(':opens')})""",
    ),
    "diversity.spend_share_of_smaller": Read(
        "the share of the payer's spend that went to organisations no larger than the one in the middle",
        "spending on smaller ones",
        f"""SELECT CASE WHEN (SELECT count(DISTINCT v) FROM ({POSTS})) > 1 THEN
        1.0 * sum(pence * (v <= ({middle(POSTS)}))) / sum(pence) END FROM ({SPEND}) JOIN ({POSTS})
        USING (organisation)""",
    ),
}  # fmt: skip


class World:
    """One run of a folder, asked in SQL and in nothing else."""

    def __init__(self, database: sqlite3.Connection, regime: str, replication: int) -> None:
        self.database = database
        row = database.execute(
            "SELECT run, opens, closes, ends FROM runs WHERE regime = ? AND replication = ?",
            (regime, replication),
        ).fetchone()
        self.names = dict(zip(("run", "opens", "closes", "ends"), row))
        for name, query in TABLES.items():
            database.execute(f'DROP TABLE IF EXISTS temp."{name}"')
            database.execute(f'CREATE TEMP TABLE "{name}" AS {query}', self.names)

    def rows(self, query: str, **more: object) -> list[tuple]:  # type: ignore[type-arg]
        """Give the rows of a query."""
        return self.database.execute(query, {**self.names, **more}).fetchall()

    def one(self, query: str, **more: object) -> float | None:
        """Give the only number of a query."""
        ((value,),) = self.rows(query, **more)
        return None if value is None else float(value)


def called(name: str) -> str:
    """What a report calls a measure: its label, and of two moneys which it is."""
    cash = {"money.payer_spend", "money.payer_spend_per_resolved", "diversity.spend_share_of_smaller"}
    owed = {"money.earned", "money.earned_per_matter", "money.earned_per_adviser_year", "money.margin"}
    return MEASURES[name].label + (
        ", in cash" if name in cash else ", by entitlement" if name in owed else ""
    )
