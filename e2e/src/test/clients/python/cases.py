"""What a program that tries a client says: a line of JSON a case, {"case": …, "got": …} or
{"case": …, "failed": …}. How it connects stands in libpq's environment variables (PGHOST, …)."""

import asyncio
import json
import os
import traceback
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

ENDLESS = "SELECT count(*) FROM generate_series(1, 100000000000)"
HELD = "DELETE FROM customers WHERE id < 0 AND name = "
TOLD_AT_ONCE = "DELETE FROM kept WHERE id < 0"
DENIED = "SELECT k FROM vault.keys"

# A value of each type, and what is easily lost of it: size, sign, zone, quotes, nulls inside.
TYPED = [
    ("boolean", True),
    ("smallint", -32768),
    ("integer", 2147483647),
    ("bigint", -9223372036854775808),
    ("numeric(40,10)", Decimal("123456789012345678901234567890.0123456789")),
    ("double precision", 0.1),
    ("text", "späße ✓ 'quoted' \\ \"twice\"\n"),
    ("bytea", bytes(range(256))),
    ("date", date(2024, 2, 29)),
    ("timestamp", datetime(2024, 2, 29, 23, 59, 59, 999999)),
    ("timestamptz", datetime(2024, 2, 29, 23, 59, 59, 1, timezone.utc)),
    ("interval", timedelta(days=3, seconds=4, microseconds=5)),
    ("uuid", UUID("00112233-4455-6677-8899-aabbccddeeff")),
    ("integer[]", [1, None, -3]),
    ("text[]", ["a,b", 'c"d', None, "", "NULL"]),
    ("text", None),
]

_cases = []


def case(function):
    """A case of the program; its name is the function's, what it returns is what it got."""
    _cases.append(function)
    return function


def plain(value):
    """A value as JSON that shows its type too, where a language's printing does not."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(timezone.utc)
    return value if value is None or isinstance(value, (bool, int, str)) else repr(value)


def run():
    """Runs every case in order, each to its end; nothing that one throws keeps the next from running."""
    for function in _cases:
        line = {"case": function.__name__}
        try:
            got = function()
            if asyncio.iscoroutine(got):
                got = asyncio.run(asyncio.wait_for(got, 60))
            line["got"] = plain(got) if not isinstance(got, dict) else got
        except BaseException:
            line["failed"] = traceback.format_exc()
        print(json.dumps(line), flush=True)


def environment(name):
    return os.environ[name]
