"""Packs pictures of other programs' writing (cjpeg, jpegtran, ImageMagick, optipng, pngcrush) into other_writers.zip, and their pixels'
CRC-32 from Pillow into other_writers.csv ("refused" where Pillow raises). samp*, scan*, q16*, qt16*: cjpeg -sample, -scans, -quality,
-qtables, with -restart and -progressive; jt*: jpegtran; im*: ImageMagick; oi*: optipng -i 1; pc*: pngcrush; the others: files of
Pillow's or of the formats' specifications with single fields changed.

    python pack_other_writers.py FILE... OUTDIR
"""
import os, sys, warnings, zipfile, zlib
from PIL import Image

warnings.simplefilter("ignore")
out = sys.argv[-1]


def pixels(file):
    try:
        im = Image.open(file).convert("RGB")
        return f"{im.width},{im.height},{zlib.crc32(im.tobytes()):08x}"
    except Exception:
        return "0,0,refused"


with zipfile.ZipFile(os.path.join(out, "other_writers.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z, open(os.path.join(out, "other_writers.csv"), "w") as c:
    c.write("picture,width,height,crc32\n")
    for file in sys.argv[1:-1]:
        z.writestr(zipfile.ZipInfo(os.path.basename(file)), open(file, "rb").read())
        c.write(os.path.basename(file) + "," + pixels(file) + "\n")
