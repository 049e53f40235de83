"""The commands that print dots: images, QR symbols, bar codes.

Source of the behaviour: Epson, *ESC/POS Command Reference*. What cannot be drawn is a mistake of the paper, and
a symbol that is missing leaves a framed remark: a ticket without its code must not pass for one that never had any.
"""

from PIL import Image

from printing.interpreter import barcodes, images, render
from printing.interpreter.mechanism import Mechanism
from printing.interpreter.tokenizer import Command


def column_image(printer: Mechanism, command: Command) -> None:
    """ESC *: stands in the line like a character."""
    try:
        picture = images.column(command.params)
    except images.NotPrinted as reason:
        printer.page.mistake(str(reason))
        return
    room = printer.area - printer.line.cursor
    if picture.width > room:
        printer.page.overflow(f"column image {picture.width} dots wide, the area has {room} left")
    if room > 0:
        printer.place(picture.draw(room), "")


def raster_image(printer: Mechanism, command: Command) -> None:
    """GS v 0."""
    printer.at_line_start(command)
    try:
        printer.print_block(images.raster(command.params), "image")
    except images.NotPrinted as reason:
        printer.page.mistake(str(reason))


def graphics(printer: Mechanism, command: Command) -> None:
    """GS ( L and GS 8 L: stores a picture (function 112), prints what is stored (2, 50)."""
    function = command.selector[1:]
    try:
        if function == b"p":
            printer.modes.graphics = images.graphics(command.payload)
        elif function in (b"\x02", b"2"):
            picture, printer.modes.graphics = printer.modes.graphics, None
            if picture is None:
                raise images.NotPrinted("graphics printed without stored data")
            printer.at_line_start(command)
            printer.print_block(picture, "image")
    except images.NotPrinted as reason:
        printer.page.mistake(str(reason))


def qr(printer: Mechanism, command: Command) -> None:
    """GS ( k with cn 49."""
    function, payload, modes = command.selector[1:], command.payload, printer.modes
    if function == b"Q":
        _print_qr(printer, command)
    elif function == b"P" and payload[:1] == b"0":
        modes.qr_data = payload[1:]
    elif function == b"A" and payload[:1] and 49 <= payload[0] <= 51:
        modes.qr_model = payload[0]
    elif function == b"C" and payload and 1 <= payload[0] <= 16:
        modes.qr_module = payload[0]
    elif function == b"E" and payload and 48 <= payload[0] <= 51:
        modes.qr_level = payload[0]
    elif function != b"R":
        printer.page.mistake(f"{command.title}: parameters {payload[:4].hex(' ').upper()} have no effect")


def _print_qr(printer: Mechanism, command: Command) -> None:
    modes = printer.modes
    printer.at_line_start(command)
    try:
        picture = images.qr(modes.qr_data, modes.qr_model, modes.qr_module, modes.qr_level)
    except images.NotPrinted as reason:
        _missing(printer, reason)
        return
    printer.print_block(picture, "QR symbol")


def barcode(printer: Mechanism, command: Command) -> None:
    """GS k: function A ends its data with NUL, function B counts them."""
    m = command.params[0]
    data = command.params[1:-1] if m <= 6 else command.params[2:]
    modes = printer.modes
    printer.at_line_start(command)
    try:
        picture, text = barcodes.draw(m, data, modes.bar_module, modes.bar_height)
    except images.NotPrinted as reason:
        _missing(printer, reason)
        return
    if not modes.hri:
        printer.print_block(picture, "bar code")
        return
    bars = printer.fit(picture, "bar code")
    words = printer.fit(images.Picture(render.words(text, modes.hri_cell)), "text of the bar code")
    rows = [words] * (modes.hri & 1) + [bars] + [words] * (modes.hri >> 1)
    printer.print_block(images.Picture(_below_each_other(rows)), "bar code")
    printer.page.lines.append(text)


def _below_each_other(masks: list[Image.Image]) -> Image.Image:
    whole = Image.new("1", (max(mask.width for mask in masks), sum(mask.height for mask in masks)), 0)
    top = 0
    for mask in masks:
        whole.paste(mask, ((whole.width - mask.width) // 2, top))
        top += mask.height
    return whole


def _missing(printer: Mechanism, reason: images.NotPrinted) -> None:
    printer.page.mistake(str(reason))
    printer.remark(str(reason))
