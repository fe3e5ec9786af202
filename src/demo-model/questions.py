"""What can be asked about a card, two cards or a film, and the one right answer to each."""
from scenes import COLOURS, PLACES, SHAPES, Card, Item, random_card

NUMBERS = ("no", "one", "two", "three", "four", "five")
COLOUR_NAMES = tuple(COLOURS)


def _a(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def _plural(noun, count):
    if count == 1:
        return noun
    return noun[:-len("cross")] + "crosses" if noun.endswith("cross") else noun + "s"


def _join(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _name(item):
    return f"{item.colour} {item.shape}"


def _at(cell):
    return "in the " + PLACES[cell]


def _pick(rng, options):
    return options[int(rng.integers(0, len(options)))]


def describe(rng, card):
    question = _pick(rng, ("Describe the picture.", "What is in the picture?", "What do you see?"))
    if card.number:
        return "describe", question, f"The picture shows the number {card.number}."
    if not card.items:
        return "describe", question, "The picture is empty."
    return "describe", question, f"There is {_join([_a(_name(i)) + ' ' + _at(i.cell) for i in card.items])}."


def what(rng, card):
    """The shape and its colour, for a card with one shape."""
    question = _pick(rng, ("What is this?", "Which shape is this, and what colour is it?", "Name the shape and its colour."))
    return "what", question, f"This is {_a(_name(card.items[0]))}."


def count(rng, card):
    style = rng.integers(0, 3)
    if style == 0:
        noun, found = "shape", len(card.items)
    elif style == 1:
        noun = _pick(rng, [i.shape for i in card.items]) if card.items and rng.random() < 0.7 else _pick(rng, SHAPES)
        found = sum(i.shape == noun for i in card.items)
    else:
        colour = _pick(rng, [i.colour for i in card.items]) if card.items and rng.random() < 0.7 else _pick(rng, COLOUR_NAMES)
        noun, found = colour + " shape", sum(i.colour == colour for i in card.items)
    question = _pick(rng, (f"How many {_plural(noun, 2)} are there?", f"Count the {_plural(noun, 2)}."))
    return "count", question, f"There {'is' if found < 2 else 'are'} {NUMBERS[found]} {_plural(noun, max(found, 1))}."


def where(rng, card):
    item, absent = _present_or_absent(rng, card, 0.25)
    noun = _name(item)
    if sum(i.shape == item.shape for i in card.items) == (0 if absent else 1) and rng.random() < 0.4:
        noun = item.shape
    question = _pick(rng, (f"Where is the {noun}?", f"In which place is the {noun}?"))
    return ("absent" if absent else "where"), question, f"There is no {noun} in the picture." if absent else f"The {noun} is {_at(item.cell)}."


def colour_of(rng, card):
    single = [i for i in card.items if sum(j.shape == i.shape for j in card.items) == 1]
    if single and rng.random() < 0.8:
        item = _pick(rng, single)
        shape, answer, kind = item.shape, f"The {item.shape} is {item.colour}.", "colour"
    else:
        missing = [s for s in SHAPES if all(i.shape != s for i in card.items)]
        if not missing:
            return None
        shape = _pick(rng, missing)
        answer, kind = f"There is no {shape} in the picture.", "absent"
    return kind, _pick(rng, (f"What colour is the {shape}?", f"Which colour does the {shape} have?")), answer


def shape_of(rng, card):
    single = [i for i in card.items if sum(j.colour == i.colour for j in card.items) == 1]
    if single and rng.random() < 0.8:
        item = _pick(rng, single)
        colour, answer, kind = item.colour, f"The {item.colour} shape is {_a(item.shape)}.", "shape"
    else:
        colour = _pick(rng, [c for c in COLOUR_NAMES if all(i.colour != c for i in card.items)])
        answer, kind = f"There is no {colour} shape in the picture.", "absent"
    return kind, _pick(rng, (f"Which shape is {colour}?", f"What is the {colour} shape?")), answer


def cell(rng, card):
    item = _pick(rng, card.items) if card.items and rng.random() < 0.7 else None
    place = item.cell if item else int(rng.integers(0, 9))
    found = [i for i in card.items if i.cell == place]
    question = _pick(rng, (f"What is {_at(place)}?", f"Which shape is {_at(place)}?"))
    return ("cell" if found else "absent"), question, f"There is {_a(_name(found[0])) if found else 'nothing'} {_at(place)}."


def exists(rng, card):
    item, absent = _present_or_absent(rng, card, 0.5)
    question = _pick(rng, (f"Is there {_a(_name(item))}?", f"Do you see {_a(_name(item))}?"))
    return ("absent" if absent else "exists"), question, f"No, there is no {_name(item)}." if absent else f"Yes, there is {_a(_name(item))} {_at(item.cell)}."


def number(rng, card):
    question = _pick(rng, ("What number is this?", "Read the number.", "Which number is written here?"))
    return ("digits", question, f"The number is {card.number}.") if card.number else ("absent", question, "There is no number in the picture.")


def _present_or_absent(rng, card, chance):
    if card.items and rng.random() >= chance:
        return _pick(rng, card.items), False
    names = {_name(i) for i in card.items}
    if card.items and rng.random() < 0.5:  # a near miss: the shape or the colour is there
        near = _pick(rng, card.items)
        item = Item(near.shape, _pick(rng, COLOUR_NAMES), -1) if rng.random() < 0.5 else Item(_pick(rng, SHAPES), near.colour, -1)
    else:
        item = Item(_pick(rng, SHAPES), _pick(rng, COLOUR_NAMES), -1)
    return _present_or_absent(rng, card, chance) if _name(item) in names else (item, True)


def about_card(rng, card):
    """One question of a kind that suits the card: (kind, question, answer)."""
    if card.number:
        roll = rng.random()
        return number(rng, card) if roll < 0.7 else describe(rng, card) if roll < 0.8 else _pick(rng, (where, exists, count, cell_of_number))(rng, card)
    kinds = [describe, count, where, where, colour_of, colour_of, shape_of, cell, exists]
    if len(card.items) == 1:
        kinds += [what, what]
    kinds += [number] if rng.random() < 0.3 else []
    return _pick(rng, kinds)(rng, card) or where(rng, card)


def cell_of_number(rng, card):
    return colour_of(rng, card) or where(rng, card)


def about_pair(rng, first, second):
    """One question about two cards; cards with one shape each are compared, others are counted."""
    if len(first.items) != 1 or len(second.items) != 1 or rng.random() < 0.15:
        a, b = len(first.items), len(second.items)
        verdict = "they have the same number" if a == b else "the first has more" if a > b else "the second has more"
        question = _pick(rng, ("Which picture has more shapes?", "Compare the number of shapes."))
        return "compare", question, f"The first picture has {NUMBERS[a]} {_plural('shape', a)} and the second has {NUMBERS[b]} {_plural('shape', b)}, so {verdict}."
    a, b = first.items[0], second.items[0]
    style = int(rng.integers(0, 3 if _name(a) != _name(b) else 2))
    if style == 0:
        return "compare", _pick(rng, ("Compare the pictures.", "Describe both pictures.")), f"The first picture shows {_a(_name(a))} and the second shows {_a(_name(b))}."
    if style == 1:
        which, item = _pick(rng, (("first", a), ("second", b)))
        return "compare", f"What is in the {which} picture?", f"The {which} picture shows {_a(_name(item))}."
    which, item = _pick(rng, (("first", a), ("second", b), ("none", None)))
    if item is None:
        item, _ = _present_or_absent(rng, Card((a, b)), 1.0)
    answer = "None of the pictures" if which == "none" else f"The {which} picture"
    return ("absent" if which == "none" else "compare"), f"Which picture shows {_a(_name(item))}?", f"{answer} shows {_a(_name(item))}."


_MOVES = {"right": "moves to the right", "left": "moves to the left", "up": "moves up", "down": "moves down", "still": "does not move"}


def about_film(rng, film):
    item, style = film.item, int(rng.integers(0, 5))
    if style < 3:
        return "motion", _pick(rng, ("Which way does it move?", "How does the shape move?", "What happens in the video?")), f"The {_name(item)} {_MOVES[film.way]}."
    if style == 3:
        return "film", _pick(rng, ("What is shown in the video?", "Which shape is in the video?")), f"The video shows {_a(_name(item))}."
    other = _pick(rng, (item.shape, _pick(rng, SHAPES)))
    answer = f"Yes, the {_name(item)} {_MOVES[film.way]}." if other == item.shape else f"There is no {other} in the video."
    return ("film" if other == item.shape else "absent"), _pick(rng, (f"Is there {_a(other)} in the video?", f"Do you see {_a(other)} in the video?")), answer


TALK = (
    (("Hello!", "Hi!", "Good morning!"), "Hello! Show me a picture and ask me about it."),
    (("Who are you?", "What are you?"), "I am a very small model that looks at pictures."),
    (("What can you do?", "How can you help me?"), "I can name shapes and colours, count, read numbers, compare pictures and say which way a shape moves."),
    (("Which shapes do you know?", "What shapes do you know?"), f"I know {_join(['the ' + s for s in SHAPES])}."),
    (("Which colours do you know?", "What colours do you know?"), f"I know {_join(list(COLOUR_NAMES))}."),
    (("Thank you!", "Thanks!"), "You are welcome."),
    (("Goodbye!", "Bye!"), "Goodbye!"),
    (("How many sides does a triangle have?",), "A triangle has three sides."),
    (("How many sides does a square have?",), "A square has four sides."),
    (("How many corners does a circle have?",), "A circle has no corners."),
    (("Which colour is the sky?", "What colour is the sky?"), "The sky is blue."),
    (("Which colour is grass?", "What colour is grass?"), "Grass is green."),
    (("Which colour is a lemon?", "What colour is a lemon?"), "A lemon is yellow."),
    (("Can you count to five?", "Count to five."), "One, two, three, four, five."),
)


def talk(rng):
    """A turn without a picture, or a question about one that is not there."""
    if rng.random() < 0.25:
        return "text", about_card(rng, random_card(rng, 1))[1], "I do not see a picture. Please show me one."
    questions, answer = _pick(rng, TALK)
    return "text", _pick(rng, questions), answer


def as_typed(rng, turn):
    """One question in six as people type: American spelling, no capital, no question mark."""
    kind, question, answer = turn
    roll = rng.random()
    if roll < 0.08:
        question = question.replace("colour", "color").replace("centre", "center")
    if 0.04 < roll < 0.16:
        question = question[0].lower() + question[1:].rstrip("?.")
    return kind, question, answer
