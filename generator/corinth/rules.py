"""Rules: every kind of error that a schema can have, explained.

A rule's name stands in brackets at the end of its message. Each has a bad schema with the exact
message in tests/bad_schemas/, and its paragraph in the docs. Longer than other modules, since it is
one table.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    # Found while reading files.
    "file-size": (
        "A schema with all its included files is at most 512 KiB. A larger one is refused before"
        " it is parsed, so that no input can take up time or memory."
    ),
    "encoding": "A schema is UTF-8; a byte order mark at the beginning is allowed.",
    "control-character": (
        "Control characters, halves of surrogate pairs, unusual line separators and what turns the"
        " direction of writing are refused, whether written or escaped: they would end up in"
        " comments of generated code, unseen. Both halves of a pair together, as JSON escapes a"
        " character beyond U+FFFF, are that character."
    ),
    "tab": (
        "Tabs are refused everywhere. YAML forbids them in indentation, and elsewhere they look"
        " like spaces."
    ),
    "empty-file": "A file that holds nothing but comments isn't a schema.",
    "include-missing": (
        "A path in `include` is relative to the file that names it, not to the current folder."
    ),
    "include-unreadable": "What `include` names must be a file that can be read.",
    "include-cycle": (
        "A file can't include itself, directly or through others. The notes show the way round."
    ),
    "include-duplicate": "One file lists another twice. Two files may both include a third.",
    "include-limit": "A schema is made of at most 64 files.",
    "include-key": (
        "An included file holds enums, structs, components, worlds and lanes, and may include"
        " others. What holds for the whole, such as `name`, belongs in the main file. `validate`"
        " takes a file for one that is only included if it has none of those keys, and not both"
        " `corinth` and `worlds`; `--fragment` states it. What such a file refers to and doesn't"
        " define isn't judged."
    ),
    "duplicate-definition": (
        "Two files define the same enum, struct, component or world. Nothing is overridden:"
        " which of them came last would depend on the order of includes."
    ),
    # Found in the YAML.
    "yaml-syntax": "The text isn't YAML. The message says what was expected, and where.",
    "unquoted-array": (
        "Inside of `{}` and `[]` a bracket ends a text, so that `{data: u8[64]}` isn't what it"
        " looks like: an array's type is quoted there. After a key on a line of its own it needs no"
        " quotes."
    ),
    "missing-blank": (
        "A blank separates a key's colon from its value; without it `x:f32` is one text."
    ),
    "missing-colon": "A key and its value have a colon and a blank between them: `x: f32`.",
    "missing-comma": "Inside of `{}` and `[]` a comma stands between two entries.",
    "text-cut": (
        "YAML takes a `#` after a blank for a comment, so a text without quotes ends before it. A"
        " warning, as it may be meant: quotes keep the text whole, and a blank after `#` shows that"
        " it is a comment."
    ),
    "directive-comment": (
        "A line that begins like one of C's preprocessor is a comment in YAML, and does nothing. A"
        " warning: other files are named under the key `include`."
    ),
    "missing-dash": (
        "Each item of a list begins with a dash and a blank, in the column of the others' dashes."
    ),
    "missing-bracket": (
        "A list in one line stands in `[]`, several keys with their values in one line in `{}`."
    ),
    "surplus-separator": "Nothing ends with `;` or `,` outside of `{}` and `[]`.",
    "grouped-number": (
        "Inside of `{}` a comma ends an entry, so a number has none between its thousands."
    ),
    "surplus-bracket": "A `}` or `]` has no `{` or `[` that it closes.",
    "foreign-comment": (
        "A comment begins with `#` and goes to the end of the line. `//`, `/*`, `--` and `;` mean"
        " nothing; only in a `doc` they are part of the text."
    ),
    "unusual-character": (
        "A no-break space, a character without width, typographic quotes and dashes, full-width"
        " signs: they come with text that is copied from a page or a word processor, and aren't the"
        " character that they look like. In comments and in a `doc` they are allowed."
    ),
    "yaml-directive": (
        "Directives (`%YAML`, `%TAG`) change what the rest of the file means. A schema is YAML 1.2;"
        " saying just that is allowed."
    ),
    "yaml-tag": "Tags (`!name`) have no meaning in a schema. Quotes make a string.",
    "several-documents": ("A file holds one document. Several files are combined with `include`."),
    "nesting": "Nesting deeper than 64 levels is refused; a schema needs no more than 8.",
    "alias-expansion": (
        "What aliases repeat counts towards the 8,192 values of a file, and an anchor can't contain"
        " itself: a few lines of them could otherwise stand for more than memory holds."
    ),
    "unknown-alias": (
        "`*name` stands for what `&name` marked before it. A text that begins with `*` is quoted."
    ),
    "duplicate-anchor": (
        "An anchor's name is given twice. YAML lets the later one win from there on, which is"
        " easily overlooked."
    ),
    "merge-key": "`<<` isn't part of YAML 1.2; the keys are written out.",
    "key-type": (
        "A key is a text. `1:`, `true:` and `null:` are a number, a boolean and null; in quotes"
        " they are texts."
    ),
    "duplicate-key": (
        "A mapping has the same key twice. Most YAML readers drop one of them without a word."
    ),
    "leading-zero": (
        "`010` is eight in YAML 1.1 and ten in YAML 1.2, so it is refused: write 10 or 0o10."
    ),
    "integer-size": "An integer fits 64 bits: from -2^63 to 2^64-1.",
    # Found by the JSON Schema.
    "language-version": "`corinth: 1` states the version of the schema language.",
    "indentation": (
        "A key has nothing below it, and what belongs there stands beside it. What is below a key"
        " is indented further than the key itself."
    ),
    "wrong-type": (
        "A value is of another type than its key takes. In YAML 1.2 `yes`, `no`, `on` and `off`"
        " are texts; quotes make a number a text; a key with nothing after it is null."
    ),
    "unknown-key": (
        "A key that the language doesn't have, or not at this place. The one that is meant is"
        " suggested, or where it belongs, and what it holds is checked as if it stood there."
    ),
    "missing-key": "A key that must be there isn't.",
    "name-form": (
        "A name becomes part of identifiers in C and C++: letters, digits and single underscores,"
        " a letter first, at most 64 characters. The schema's own name is in lower case."
    ),
    "unknown-value": "A value isn't among those that its key may have.",
    "out-of-range": "A number is outside of the range that its key may have.",
    "too-many": (
        "A list, a mapping or a text is longer than allowed, or a file has more than 8,192 values."
    ),
    "too-few": "A list or a mapping needs more entries.",
    "not-supported": (
        "The language has this key or value, but this version of the tool doesn't support it. It"
        " is refused rather than ignored."
    ),
    # Found in what names refer to.
    "reserved-word": (
        "The name can't be emitted by itself: it is a keyword of C or C++, or a macro of a header"
        " of the C library, POSIX or the runtime. A schema's name may also not hide a header of the"
        " system. In C++ it is a namespace, so it can't be that of a function or namespace which a"
        " program has anyway, such as `main` or `std`."
    ),
    "reserved-name": "The name of an enum or a struct is that of a built-in type.",
    "name-collision": (
        "Two things would have the same name in C, or the same header. Names are compared as they"
        " are emitted: `HTTPRequest` and `http_request` are the same. The other thing may be a"
        " generated name, or one of a header of the C library, POSIX or the runtime."
    ),
    "id-collision": "Two components or two worlds have the same id, given or by position.",
    "unknown-component": "A route names a component that isn't defined.",
    "unknown-world": "A route or a lane names a world that isn't defined.",
    # Found in types.
    "field-type": (
        "A field's type is one of i8 to i64, u8 to u64, f32, f64, bool, char and entity, an enum,"
        " a struct, or an array such as u8[64]. Pointers, `long`, `size_t`, `wchar_t`, bit-fields"
        " and arrays without a length differ between targets or mean nothing elsewhere."
    ),
    "array-count": "An array's length is at least 1, and it must fit a transfer.",
    "enum-type": "An enum is based on one of i8 to i64 and u8 to u64.",
    "enum-empty": "An enum has at least one value.",
    "enum-range": "An enum's value must fit the integer that it is based on.",
    "enum-duplicate": "Two values of an enum have the same name or the same number.",
    "struct-empty": (
        "A struct has at least one field. A component may have none: then it is a tag."
    ),
    "struct-cycle": "A struct can't contain itself, directly or through others.",
    "struct-depth": "Structs are nested too deeply.",
    "struct-size": "A struct is larger than a transfer may be.",
    "transfer-size": "A transfer, with room for all components, is at most 64 KiB.",
    # Found in worlds, routes and lanes.
    "world-count": "A schema has at least one world and at most 64.",
    "standalone-world": "`role: standalone` is for a schema with a single world.",
    "isolated-world": "No route and no lane leads to or from a world.",
    "no-effect": "A key that changes nothing where it stands.",
    "pipeline-stage": "`return_to` names one of the stages, and no stage comes twice.",
    "pipeline-conflict": (
        "A pipeline makes its worlds' routes, which a world's own `routing` contradicts."
    ),
    "route-to-self": "A world can't send to itself.",
    "route-shadowed": (
        "Of several routes for one component the last one wins, so the others would never be used."
    ),
    "lane-to-self": "A lane leads from one world to another.",
    "lane-duplicate": "Two entries of `lanes` are about the same pair of worlds.",
    "lane-kind": (
        "What `spsc` or `kind` states contradicts the number of threads of the lane's worlds."
    ),
    "lane-capacity": "A lane's capacity is a power of two from 2 to 2^30.",
    "lane-batch": "A batch can't be larger than the capacity of its lane.",
    "priority-capacity": "The priority ring's capacity is a power of two as well.",
    "priority-option": (
        "`priority_capacity` and `priority_burst` need `priority: true`, and so does a policy of"
        " `when_full` for each class."
    ),
    "lane-drop-oldest-kind": (
        "With `drop_oldest` senders take out of the lane too, so it is the kind where several"
        " threads do, whatever the worlds' threads; `kind` and `spsc` can't state another."
    ),
    "lane-deadline-unused": "`deadline_ms` is about a send that waits: it needs `when_full: wait`.",
    "lane-undelivered": (
        "Where a transfer can be dropped, `undelivered` says who gets it: a handler of the program,"
        " which then owns it, or with `discard` no one, if it is a copy of something."
    ),
    "lane-undelivered-unused": (
        "`undelivered` is about what is dropped: by `drop_newest`, by `drop_oldest`, or because a"
        " `closable` lane is closed."
    ),
    "lane-wait-cycle": (
        "Lanes on a cycle whose sends all wait for room can deadlock: each world waits for the next"
        " one to receive, and that one waits too. One of them where a send returns at once breaks"
        " the cycle. A deadline doesn't: until it has passed, all stand still."
    ),
    "world-rooms": (
        "A wait for room tells 63 rings apart, one bit each; a lane with priority has two. No world"
        " has more of them whose sends wait."
    ),
    "max-bytes": "All lanes together take more bytes than `max_bytes`, which is 1 GiB by default.",
}
