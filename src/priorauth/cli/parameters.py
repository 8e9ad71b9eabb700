"""The types of parameters: what a value must be, what is said where it is not, and what may complete it.

Each type turns the text of an argument into what a command works with: a day into its number, ``NAME=VALUE`` into a
pair, a policy's id into the policy. Folders of policies are read before everything else, so that the types that look
something up find it there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.types import StringParamType

from priorauth.cli.output import refused

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from priorauth.policy.catalog import Catalog
    from priorauth.policy.tree import Policy

Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])
Context = click.Context | None
Parameter = click.Parameter | None

PATH: Final = click.Path(path_type=Path, readable=False)  # what cannot be read is said by whoever reads it


class Location(click.Path):
    """A path, or the address of a place in an object store (``s3://bucket/prefix``)."""

    name = "path"

    def __init__(self) -> None:
        """Take every path: what cannot be read is said by whoever reads it."""
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: Parameter, ctx: Context) -> Any:  # noqa: ANN401 - as Click has it
        """Return the path, or the place in the store; refuses an address with a key in it."""
        if isinstance(value, str) and "://" in value:
            from priorauth.population import storage

            return storage.place(value)
        return super().convert(value, param, ctx)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    name = "word"

    def __init__(self, *words: str) -> None:
        """Keep the words."""
        self.words: Final = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the words as the usage shows them."""
        return "|".join(self.words)

    def convert(self, value: str, param: Parameter, ctx: Context) -> str:
        """Return the word."""
        if value not in self.words:
            self.fail(f"expected one of {', '.join(self.words)}, found {value!r}", param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the words that begin so."""
        return _items(self.words, incomplete)


class Whole(click.ParamType[int]):
    """A whole number, at least so many where that is said."""

    name = "number"

    def __init__(self, least: int | None = None) -> None:
        """Keep the least that it may be."""
        self.least: Final = least

    def convert(self, value: str | int, param: Parameter, ctx: Context) -> int:
        """Return the number."""
        try:
            number = int(value)
        except ValueError:
            self.fail(f"expected a whole number, found {value!r}", param, ctx)
        if self.least is not None and number < self.least:
            self.fail(f"expected at least {self.least}, found {number}", param, ctx)
        return number


class Day(click.ParamType[int]):
    """A day, as the number that :mod:`priorauth.values.dates` counts by."""

    name = "YYYY-MM-DD"

    def convert(self, value: str | int, param: Parameter, ctx: Context) -> int:
        """Return the number of the day."""
        from priorauth.values.dates import day

        if isinstance(value, int):
            return value
        try:
            return day(value)
        except ValueError as fault:
            self.fail(str(fault), param, ctx)


class Pair(click.ParamType[tuple[str, str]]):
    """A name with its value."""

    name = "NAME=VALUE"

    def convert(self, value: str | tuple[str, str], param: Parameter, ctx: Context) -> tuple[str, str]:
        """Return name and value, without blanks around either."""
        if isinstance(value, tuple):
            return value
        name, equals, said = (part.strip() for part in value.partition("="))
        if not (equals and name and said):
            self.fail(f"expected NAME=VALUE, found {value!r}", param, ctx)
        return name, said


class PolicyId(StringParamType):
    """The id of a policy, as text: whoever decides looks it up."""

    name = "ID"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the ids that begin so."""
        return _policies(ctx, incomplete)


class Version(click.ParamType["Policy"]):
    """A version of a policy: its newest, or the one that begins on the day after ``@``."""

    name = "ID[@YYYY-MM-DD]"

    def convert(self, value: str | Policy, param: Parameter, ctx: Context) -> Policy:
        """Return the version; refuses an id or a day that there is not, naming those that there are."""
        return chosen(opened(_folders(ctx)), value) if isinstance(value, str) else value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the ids that begin so; after ``@`` the days on which the versions of a policy begin."""
        return _policies(ctx, incomplete)


class FactValue(click.ParamType[str]):
    """A value that the vocabulary lists for a fact."""

    def __init__(self, fact: str, name: str) -> None:
        """Keep the fact, and what stands for its value in a usage."""
        self.fact: Final = fact
        self.name = name

    def convert(self, value: str, param: Parameter, ctx: Context) -> str:
        """Return the value."""
        values = opened(_folders(ctx)).vocabulary[self.fact].values
        if value not in values:
            self.fail(f"expected one of {', '.join(values)}, found {value!r}", param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the values that begin so."""
        from priorauth.policy.catalog import lay

        return _items(lay(*_folders(ctx)).vocabulary[self.fact].values, incomplete)


PRODUCT: Final = FactValue("product_code", "HCPCS")
KIND: Final = FactValue("request_kind", "KIND")


def _policies(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    from priorauth.policy.catalog import lay
    from priorauth.values.dates import iso

    files = lay(*_folders(ctx)).files
    name, at, _ = incomplete.partition("@")
    return _items([f"{name}@{iso(first)}" for first, _ in files.get(name, ())] if at else files, incomplete)


def _items(known: Iterable[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(one) for one in known if one.startswith(incomplete)]


def _folders(ctx: Context) -> tuple[Path, ...]:
    """Return the folders that ``--policies`` names, which is read first."""
    return tuple(ctx.params.get("policies") or ()) if ctx else ()


# ---- what is looked up


def opened(folders: tuple[Path, ...]) -> Catalog:
    """Open the shipped policies with folders laid over them; raises PolicyFaults."""
    from priorauth.policy.catalog import open_catalog

    return open_catalog(*folders)


def chosen(known: Catalog, wanted: str) -> Policy:
    """Return the newest version of a policy, or the one that begins on the day after ``@``; raises InputRefused."""
    from priorauth.errors import InputRefused
    from priorauth.policy.catalog import unknown

    name, _, day = wanted.partition("@")
    if name not in known.files:
        raise InputRefused(unknown(name, known))
    if not day:
        return known.versions(name)[-1]
    found = known.at(name)
    if day not in found:
        raise refused(f"{name} has no version {day!r}; expected one of {', '.join(found)}")
    return found[day]


def newest(known: Catalog) -> list[Policy]:
    """Return the newest version of every policy."""
    return [known.versions(name)[-1] for name in known.files]


# ---- options that several commands have


policies: Final = click.option(
    "--policies", metavar="DIR", type=PATH, multiple=True, is_eager=True, help="a folder of further policies"
)
as_json: Final = click.option("--json", "as_json", is_flag=True, help="print JSON")
readings: Final = click.option(
    "--reading",
    "readings",
    type=Pair(),
    metavar="NAME=VALUE",
    multiple=True,
    help="another value of a named reading",
)


def as_of(text: str) -> Callable[[Wrapped], Wrapped]:
    """Return the option of a day from which windows count."""
    return click.option("--as-of", metavar="YYYY-MM-DD", type=Day(), help=text)


def reading_logs(command: Wrapped) -> Wrapped:
    """Add the options that settle what a glucose log may leave open."""
    columns = click.option(
        "--columns",
        metavar="KEY=COLUMN,...",
        help="the columns of a plain table, as in time=When,glucose=BG,unit=mg/dL",
    )
    dates = click.option("--dates", type=OneOf("dmy", "mdy", "ymd"), help="the order of day and month in logs")
    zone = click.option(
        "--zone", metavar="ZONE", help="where logs were kept, as in America/New_York; places wall clock times"
    )
    return zone(dates(columns(command)))
