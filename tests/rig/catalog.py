"""What the reader of schemas sees, through tests/inspect_dump."""

import json
import subprocess

from .programs import BUILD, clean_environment

PROGRAM = str(BUILD / "tests" / "inspect_dump")


def dump(conninfo, *options):
    """The program's text."""
    done = subprocess.run([PROGRAM, *options, conninfo], capture_output=True, text=True,
                          check=False, env=clean_environment())
    assert done.returncode == 0, done.stderr
    return done.stdout


class Catalog:
    """The objects of a database by name ("table public.t"), without extensions' members."""

    def __init__(self, conninfo, *options):
        self.all = {}
        self.unmodelled = {}
        for line in dump(conninfo, *options).splitlines():
            item = json.loads(line)
            if "unmodelled" in item:
                self.unmodelled[item["unmodelled"]] = item["count"]
            else:
                self.all[item["object"]] = item
        self.objects = {name: item for name, item in self.all.items() if not item["member"]}

    def __getitem__(self, name):
        """The attributes of an object that differ from nothing."""
        return {**self.objects[name]["attributes"], **self.objects[name]["notes"]}

    def differences(self, other):
        """What is new ("+name"), gone ("-name"), or changed ("name: attribute, attribute")."""
        found = {f"-{name}" for name in self.objects.keys() - other.objects.keys()}
        found |= {f"+{name}" for name in other.objects.keys() - self.objects.keys()}
        for name in self.objects.keys() & other.objects.keys():
            mine, theirs = self.objects[name], other.objects[name]
            changed = sorted(key for key in mine["attributes"].keys() | theirs["attributes"].keys()
                             if mine["attributes"].get(key) != theirs["attributes"].get(key))
            assert (mine["hash"] != theirs["hash"]) == bool(changed), name
            if changed:
                found.add(f"{name}: {', '.join(changed)}")
        return found
