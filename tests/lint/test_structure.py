"""The shape of the code: who may include whom, where third-party headers may appear, which
functions are banned, and how long files and functions may be."""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("common", "daemon", "client")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.M)

# Which folder may include headers of which; its own always. common/ has two halves. The folders of
# schema/ are internal to it.
WIRE = {"frame", "proto", "proto_err", "usock", "peer"}
MAY_INCLUDE = {
    "base": set(),
    "wire": {"base"},
    "core": {"base"},
    "schema": {"schema/deeds", "core", "base"},
    "schema/deeds": {"schema/writing", "schema", "core", "base"},
    "schema/kinds": {"schema/writing", "schema", "core", "base"},
    "schema/writing": {"schema", "core", "base"},
    "bridge": {"core", "base"},
    "pg": {"core", "base"},
    "scratch": {"pg", "core", "base"},
    "inspect": {"schema", "pg", "core", "base"},
    "migrator": {"bridge", "scratch", "pg", "core", "base"},
    "proof": {"inspect", "schema", "scratch", "migrator", "bridge", "pg", "core", "base"},
    "control": {"bridge", "core", "wire", "base"},
    "config": {"core", "base"},
    "app": {"control", "proof", "migrator", "bridge", "pg", "config", "core", "base"},
    "main": {"app", "config", "pg", "core", "base"},
    "client": {"wire", "base"},
}

# Third-party headers and the modules that may know them.
THIRD_PARTY = {
    r"event2/|event\.h$|evutil": {"control", "app"},
    r"libpq|pg_config|postgres": {"pg"},
    r"jansson": {"wire", "control", "client"},
    r"confuse": {"config"},
    r"openssl/": {"core"},
    r"pg_query": set(),
    r"pthread\.h": {"bridge", "migrator", "scratch", "app", "main", "base"},
    r"systemd/": set(),
}

# Not used in the programs: unbounded, not reentrant, blind to errors, or a guess at time.
BANNED = ["strcpy", "strcat", "sprintf", "vsprintf", "gets", "strtok", "atoi", "atol", "atof",
          "sleep", "usleep", "system", "popen", "tmpnam", "mktemp", "asctime", "ctime",
          "gmtime", "localtime"]

FILE_LINES = 600
FUNCTION_LINES = 80


def sources(*folders, suffixes=(".c", ".h")):
    found = [path for folder in folders for path in (ROOT / folder).rglob("*")
             if path.suffix in suffixes]
    assert found, f"no sources in {folders}"
    return sorted(found)


def module_of(path):
    """The module a file belongs to, by its place."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "common":
        return "wire" if path.stem in WIRE else "base"
    if parts[0] == "client":
        return "client"
    if len(parts) > 2:
        folder = "/".join(parts[1:-1])
        return folder if folder in MAY_INCLUDE else parts[1]
    for name in ("config", "main"):
        if path.stem.startswith(name):
            return name
    return "app"


def without_comments_and_strings(text):
    """The code with comments and literals blanked, line breaks kept."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group(0)), text)


def test_folders_include_only_whom_they_may():
    owners = {}
    for header in sources(*PROGRAMS, suffixes=(".h",)):
        owners.setdefault(header.name, set()).add(module_of(header))
    wrong = []
    for path in sources(*PROGRAMS):
        module = module_of(path)
        assert module in MAY_INCLUDE, f"{path.relative_to(ROOT)}: an unknown module {module}"
        for kind, name in INCLUDE.findall(path.read_text()):
            if kind != '"' or name.endswith(".inc"):
                continue
            found = owners.get(name, set())
            if not found:
                wrong.append(f"{path.relative_to(ROOT)}: {name} is no header of ours")
            elif not found & (MAY_INCLUDE[module] | {module}):
                wrong.append(f"{path.relative_to(ROOT)}: {module} includes {name} of {found}")
    assert not wrong, "\n".join(wrong)


def test_third_party_headers_stay_in_their_folders():
    wrong = []
    for path in sources(*PROGRAMS):
        module = module_of(path)
        for kind, name in INCLUDE.findall(path.read_text()):
            for pattern, modules in THIRD_PARTY.items():
                if kind == "<" and re.search(pattern, name) and module not in modules:
                    wrong.append(f"{path.relative_to(ROOT)}: {module} includes <{name}>")
    assert not wrong, "\n".join(wrong)


def test_banned_functions_are_not_called():
    call = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
    wrong = []
    for path in sources(*PROGRAMS):
        name = str(path.relative_to(ROOT))
        text = without_comments_and_strings(path.read_text())
        for number, line in enumerate(text.splitlines(), 1):
            wrong += [f"{name}:{number}: {found}" for found in call.findall(line)]
    assert not wrong, "\n".join(wrong)


def test_files_are_short():
    long = [f"{path.relative_to(ROOT)}: {lines} lines"
            for path in sources(*PROGRAMS, "tests")
            if (lines := len(path.read_text().splitlines())) > FILE_LINES]
    assert not long, "\n".join(long)


def test_functions_are_short():
    listing = subprocess.run(
        ["ctags", "--output-format=json", "--languages=C", "--kinds-C=f", "--fields=+ne", "-f", "-",
         *map(str, sources(*PROGRAMS, "tests", suffixes=(".c",)))],
        check=True, capture_output=True, text=True).stdout
    functions = [json.loads(line) for line in listing.splitlines()]
    assert len(functions) > 100, "ctags found hardly anything"
    long = [f"{pathlib.Path(tag['path']).relative_to(ROOT)}:{tag['line']}: {tag['name']} has "
            f"{tag['end'] - tag['line'] + 1} lines" for tag in functions
            if "end" in tag and tag["end"] - tag["line"] + 1 > FUNCTION_LINES]
    assert not long, "\n".join(long)


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    wrong = [f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
             for path in sources(*PROGRAMS, "tests")
             for number, line in enumerate(path.read_text().splitlines(), 1) if marks.search(line)]
    assert not wrong, "\n".join(wrong)
