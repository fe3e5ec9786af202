"""What Pillow makes of the files below some folders: what the bench's corpus command compares with.

usage: picture_digests.py FOLDER... > EXPECTED   (needs pillow)

A line a file: path, then width, height and sha256 of the upright RGB bytes, or why Pillow has none.
"""
import hashlib
import io
import pathlib
import sys
import warnings

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
MAX_ASPECT_RATIO = 200

warnings.simplefilter("ignore")


def upright_rgb(data):
    """As preprocessing's decoders are meant to: EXIF applied, alpha on white, the first picture of several."""
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    image.load()
    image = ImageOps.exif_transpose(image)
    if "A" in image.mode or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.split()[3])
        return white
    return image.convert("RGB")


def line(path):
    data = path.read_bytes()
    try:
        image = upright_rgb(data)
    except Exception as e:
        reason = " ".join(f"{type(e).__name__}: {e}".replace(str(path), "it").split())
        return f"{path}\terror\t{reason[:150]}"
    if max(image.size) > MAX_ASPECT_RATIO * min(image.size):
        return f"{path}\terror\tshape: {image.width} x {image.height}"
    return f"{path}\t{image.width}\t{image.height}\t{hashlib.sha256(image.tobytes()).hexdigest()}"


for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).resolve().rglob("*")):
        if path.is_file():
            print(line(path), flush=True)
