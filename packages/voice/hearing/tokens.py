"""Text of a byte-level vocabulary."""

# Tokens of the shortest phrase that is taken for a loop: "no, no, no" is none.
_SHORTEST_LOOP = 3


def text_of(tokens: list[str]) -> str:
    """Joins the tokens that a model answers with. Special ones, such as "<|en|>", are left out.

    Source of the alphabet: openai/gpt-2, encoder.py: each byte is a printable character.
    """
    letters = "".join(token for token in tokens if not (token.startswith("<|") and token.endswith("|>")))
    return bytes(_BYTES[letter] for letter in letters if letter in _BYTES).decode("utf-8", errors="replace").strip()


def without_loops(tokens: list[str], is_cut: bool) -> list[str]:
    """Leaves a phrase once that a model repeats, as small ones do when a sound ends.

    is_cut: the model had more to say, so that two times are enough, as where nothing else is said; else three, because
    people repeat themselves, too.
    """
    words = [token.lstrip("\u0120").lower() for token in tokens]
    half = len(tokens) // 2
    if half >= _SHORTEST_LOOP and words[:half] == words[half:]:
        return without_loops(tokens[:half], is_cut)
    times = 2 if is_cut else 3
    for length in range(_SHORTEST_LOOP, len(tokens) // times + 1):
        for start in range(len(tokens) - times * length + 1):
            end = start + length
            while end < len(tokens) and words[end] == words[end - length]:
                end += 1
            if end - start >= times * length:
                return without_loops(tokens[: start + length] + tokens[end:], is_cut)
    return tokens


def _alphabet() -> dict[str, int]:
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + index): byte for index, byte in enumerate(others)}


_BYTES = _alphabet()
