"""The manuals against the tables of the code: what a program knows by name is told, and nothing is
told that it does not know."""

import os
import pathlib
import re
import subprocess

from test_structure import MAY_INCLUDE, sources

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WOVEN_BUILD", ROOT / "build/debug"))
PROTOCOL = (ROOT / "docs/protocol.md").read_text()
COMMANDS = (ROOT / "docs/wovenctl.1.scd").read_text()
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()
DAEMON = (ROOT / "docs/wovend.8.scd").read_text()
SETTINGS = (ROOT / "docs/woven.conf.5.scd").read_text()


def source(path):
    return (ROOT / path).read_text()


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def found(pattern, text, at_least):
    """All matches; a pattern that has come to find nothing would prove nothing."""
    matches = re.findall(pattern, text, re.M)
    assert len(matches) >= at_least, f"{pattern} finds {len(matches)}"
    return matches


def test_every_error_has_its_row():
    statuses = dict(found(r"^    (WV_EXIT_\w+) = (\d+),", source("common/exitcode.h"), 8))
    known = {name: statuses[status] for name, status in
             found(r"^    X\((\w+), (WV_EXIT_\w+)\)", source("common/err.h"), 40)}
    told = dict(found(r"^\| `([A-Z_]+)` \| (\d+) \|", PROTOCOL, 40))
    assert told == known


def test_every_hazard_is_named():
    known = found(r'^    X\([A-Z_]+, "([a-z-]+)"', source("daemon/schema/ddl.h"), 8)
    sentence = re.search(r"above it as a _hazard_:(.*?)\.\n", COMMANDS, re.S).group(1)
    assert sorted(found(r"_([a-z-]+)_", sentence, 8)) == sorted(known)


def sections(text):
    """Heading, and the text under it."""
    parts = re.split(r"^# (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def test_every_setting_has_its_entry():
    keys = found(r'^    \{"(\w*)", "(\w+)"\}', source("daemon/config.c"), 30)
    names = {name for _, name in keys} - {section for section, _ in keys}
    entries = {}
    for section, text in sections(SETTINGS).items():
        for name, default in re.findall(r"^\*(\w+)\* = (.*)$", text, re.M):
            assert name not in entries, f"{name} has two entries"
            entries[name] = default
    assert set(entries) == names
    presets = dict(found(r'^    \{"(\w+)", (NULL|"[^"]*"), (?:NULL|"\w+"), set_\w+\},$',
                         source("daemon/config_value.c"), 15))
    for name, preset in presets.items():
        told = entries[name].replace("\\", "")
        if preset != "NULL":
            assert told.strip('"') == preset.strip('"'), f"{name} is {preset}, told is {told}"
    for name, preset in found(r'^    \{"(\w+)", offsetof\(struct wv_limits, \w+\), (\d+)\}',
                              source("daemon/config_value.c"), 3):
        assert entries[name] == preset


UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "": 1}


def test_timeouts_are_told_as_they_are():
    for name, preset in found(r'^    \{"(\w+)", offsetof\(struct wv_timeouts, \w+\), (\d+),',
                              source("daemon/config_value.c"), 7):
        number, unit = re.search(rf'^\*{name}\* = "(\d+)(\w*)"$', SETTINGS, re.M).groups()
        assert int(number) * UNITS[unit] == int(preset), name


# Where the entries of a group are, and which options all of its commands share.
GROUPS = {"migrate": "COMMANDS OF MIGRATE", "import": "COMMANDS OF IMPORT",
          "daemon": "COMMANDS OF DAEMON"}


def entries_of(text):
    """What is said of each name that begins a line; several entries of one name are one."""
    entries = {}
    for part in re.split(r"^(?=\*)", text, flags=re.M):
        name = re.match(r"\*([\w-]+)\*", part)
        if name:
            entries[name.group(1)] = entries.get(name.group(1), "") + part
    return entries


def test_every_command_and_option_is_told():
    manual = sections(COMMANDS)
    groups = {group: entries_of(manual[heading]) for group, heading in GROUPS.items()}
    rows = [line.split("\t") for line in run(BUILD / "client/wovenctl", "help").splitlines()]
    assert len(rows) > 30
    common = set.intersection(*(set(options.split()) for _, options, _ in rows))
    told = {group: set() for group in groups}
    missing = []
    for title, options, _ in rows:
        group, _, name = title.rpartition(" ")
        if group:
            assert name in groups[group], f"no entry for {title}"
            told[group].add(name)
            text = groups[group][name]
        else:
            text = "".join(part for part in manual.values() if f"*{name}*" in part)
        if group == "import":
            text = manual[GROUPS[group]]
        for option in set(options.split()) - common:
            short = re.search(rf"^ *(-\w), {option}\b",
                              run(BUILD / "client/wovenctl", *title.split(), "--help"), re.M)
            words = [option] + ([short.group(1)] if short else [])
            if not any(f"*{word}*" in text for word in words):
                missing.append(f"{title} {option}")
    assert not missing, "\n".join(missing)
    for group, entries in groups.items():
        strange = {name for name in entries if not name.startswith("-")} - told[group]
        assert not strange, f"entries of {group} that are no commands: {strange}"
    for option in common:
        assert f"*{option}*" in manual["OPTIONS"]


def test_every_option_of_the_daemon_is_told():
    for option in found(r"^ .*?(--[a-z-]+)", run(BUILD / "daemon/wovend", "--help"), 8):
        assert f"*{option}*" in DAEMON, option


def test_no_option_is_told_that_nobody_takes():
    """Emphasized words are our own; options of other programs are named within their commands."""
    listed = run(BUILD / "client/wovenctl", "help").splitlines()
    client = {option for line in listed for option in line.split("\t")[1].split()}
    daemon = set(found(r"(--[a-z-]+)", run(BUILD / "daemon/wovend", "--help"), 8))
    for manual, known, at_least in ((COMMANDS, client, 40), (DAEMON, client | daemon, 8)):
        told = set(found(r"\*(--[a-z][a-z-]*)", manual, at_least))
        assert told <= known, f"told, and no option: {told - known}"
    # In the entry of a command only those that it takes.
    manual = sections(COMMANDS)
    entries = entries_of(manual["COMMANDS OF MIGRATE"])
    for title, options, _ in (line.split("\t") for line in listed):
        group, _, name = title.rpartition(" ")
        if group == "migrate":
            heading = entries[name].splitlines()[0]
            strange = set(re.findall(r"\*(--[a-z-]+)", heading)) - set(options.split())
            assert not strange, f"{title} does not take {strange}"


def test_the_map_of_folders_is_the_one_that_is_kept():
    arrows = {name: set(others.split(", "))
              for name, others in found(r"(\w+) +-> ((?:\w+, )*\w+)", ARCHITECTURE, 12)}
    kept = {name: others for name, others in MAY_INCLUDE.items() if "/" not in name}
    kept["schema"] = {name for name in kept["schema"] if "/" not in name}
    assert arrows == {name: others for name, others in kept.items() if others}
    folders = {path.parent.relative_to(ROOT) for path in sources("common", "daemon", "client")}
    for folder in folders - {pathlib.Path("daemon")}:
        assert f"| `{folder}/` |" in ARCHITECTURE, folder
