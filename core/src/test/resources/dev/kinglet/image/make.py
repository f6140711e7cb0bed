"""Makes the reference files of dev.kinglet.image's tests: pictures in zip archives, and lists of their pixels' CRC-32 from Pillow
("refused" where Pillow raises). Needs Pillow and numpy; SHARED is the folder of shared data.

    python make.py SHARED OUTDIR
"""
import glob, hashlib, io, os, random, re, struct, sys, warnings, zipfile, zlib

import numpy as np
from PIL import Image

warnings.simplefilter("ignore")
SHARED, R = sys.argv[1], os.path.join(sys.argv[2], "")


def pixels(b):
    try:
        im = Image.open(io.BytesIO(b)).convert("RGB")
        return f"{im.width},{im.height},{zlib.crc32(im.tobytes()):08x}"
    except Exception:
        return "0,0,refused"


def pack(name, files):
    with zipfile.ZipFile(name + ".zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z, open(name + ".csv", "w") as c:
        c.write("picture,width,height,crc32\n")
        for n, b in files:
            z.writestr(zipfile.ZipInfo(n), b)
            c.write(n + "," + pixels(b) + "\n")


# JPEG: every kind that Pillow writes.
jpegs={}
rng=np.random.default_rng(7)
src=Image.open(os.path.join(SHARED, "photos/coffee.png")).convert("RGB")
def crop(w,h):
    x=int(rng.integers(0,src.width-w+1)); y=int(rng.integers(0,src.height-h+1)); return src.crop((x,y,x+w,y+h))
noise=Image.fromarray(rng.integers(0,256,(53,71,3),dtype=np.uint8))
bw=Image.fromarray((rng.integers(0,2,(61,47,1),dtype=np.uint8)*255).repeat(3,2))
n=0
def sof(b):
    i=2
    while True:
        if b[i+1] in (0xC0,0xC1,0xC2): return i
        i+=2+b[i+2]*256+b[i+3]
def save(im,name,**k):
    """4:4:0 is 4:2:2 of the transposed size with swapped factors; 4:1:1 is 4:2:0 with factors 4x1 (pixels in another order, still a valid file)."""
    global n; n+=1
    s=k.get("subsampling")
    if s in ("440","411","114"):
        k["subsampling"]="4:2:2" if s=="440" else "4:2:0"
        w,h=im.size
        if s=="440": im=im.resize((h,w))
        buf=io.BytesIO(); im.save(buf,"JPEG",**k); b=bytearray(buf.getvalue()); i=sof(b)
        b[i+5:i+9]=bytes([h>>8,h&255,w>>8,w&255])
        b[i+11]={"440":0x12,"411":0x41,"114":0x14}[s]
        jpegs[name]=bytes(b)
    else:
        buf=io.BytesIO(); im.save(buf,"JPEG",**k); jpegs[name]=buf.getvalue()
SS={"444":"4:4:4","422":"4:2:2","420":"4:2:0","440":"440","411":"411","114":"114"}
for q in range(1,101):
    for s in SS:
        for im,nm in ((crop(67,45),"c"),(noise,"n"),(bw,"b")):
            save(im,f"q{q}_{s}_{nm}",quality=q,subsampling=SS[s],progressive=bool(q%3==0),optimize=bool(q%2))
sizes=[(w,h) for w in list(range(1,20))+[31,32,33,64,65] for h in list(range(1,20))+[31,33]]
for w,h in sizes:
    for s in SS:
        im=crop(w,h); save(im,f"s{w}x{h}_{s}",quality=90,subsampling=SS[s],progressive=(w+h)%2==0)
    save(crop(w,h).convert("L"),f"g{w}x{h}",quality=80,progressive=(w+h)%2==1)
for i,s in enumerate(SS):
    for rb in (1,2,3,7):
        for p in (False,True):
            save(crop(131,77),f"r{s}_{rb}_{p}",quality=75,subsampling=SS[s],restart_marker_blocks=rb,progressive=p)
        save(crop(131,77),f"rr{s}_{rb}",quality=75,subsampling=SS[s],restart_marker_rows=rb)
    for p in (False,True):
        save(crop(77,61).convert("CMYK"),f"cmyk{s}{p}",quality=85,subsampling=SS[s],progressive=p)
        save(crop(77,61),f"rgb{s}{p}",quality=85,keep_rgb=True,progressive=p)
keep=[]
for f in sorted(jpegs, key=lambda n: n + ".jpg"):
    b=f
    m=re.match(r"s(\d+)x(\d+)_",b) or re.match(r"g(\d+)x(\d+)",b)
    if m:
        w,h=map(int,m.groups())
        if (w in (1,2,3,5,8,9,16,17,33) and h in (1,2,3,7,8,16,17)): keep.append(f)
    elif b.startswith("q"):
        q=int(re.match(r"q(\d+)",b).group(1))
        if (q in (1,3,10,50,51,75,96,99,100)) and b.endswith("c"): keep.append(f)
    elif b.startswith(("r4","r1","rr","cmyk","rgb")): keep.append(f)
pack(R+"jpeg",[(f+".jpg",jpegs[f]) for f in keep])

# JPEG: missing scans and damaged data.
random.seed(5)
files=[]
def scans(b):
    i=2; r=[]
    while i<len(b)-1:
        m=b[i+1]
        if b[i]!=0xFF or m in (0,0xFF): i+=1; continue
        if m==0xda: r.append(i)
        if m!=0xd8 and not 0xd0<=m<=0xd9: i+=2+b[i+2]*256+b[i+3]
        else: i+=2
    return r
for n in ["r444_2_True","r420_7_True","s33x17_420","s17x33_444","q75_420_c","q51_422_c","cmyk444True","g33x16","s9x17_440"]:
    b=jpegs[n]
    s=scans(b)
    for k in range(1,len(s)):
        # whole scans missing, and the last one ending in a marker half way
        files.append((f"{n}_{k}of{len(s)}.jpg",b[:s[k]]+b"\xff\xd9"))
        e=s[k-1]; half=(e+s[k])//2
        if half>e+14: files.append((f"{n}_{k}half.jpg",b[:half]+b"\xff\xd9"))
for n in ["s33x17_444","q10_422_c","q100_444_c","rr420_1","r422_3_False" ,"s17x16_420","rgb444False"]:
    b=jpegs[n]; p=b.rfind(b"\xff\xda")+12
    for k in range(6):
        m=bytearray(b)
        for _ in range(3): m[random.randrange(p,len(b)-8)]=random.randrange(256)
        files.append((f"{n}_damaged{k}.jpg",bytes(m)))
    files.append((f"{n}_cut.jpg",b[:len(b)*2//3])); files.append((f"{n}_cut_eoi.jpg",b[:len(b)*2//3]+b"\xff\xd9")); files.append((f"{n}_header.jpg",b[:p-30]))
pack(R+"jpeg_damaged",files)

# PNG.
rng=np.random.default_rng(11)
def chunk(t,d): return struct.pack(">I",len(d))+t+d+struct.pack(">I",zlib.crc32(t+d))
CH={0:1,2:3,3:1,4:2,6:4}
def filt(rows,bpp,k):
    out=b"";prev=bytes(len(rows[0]))
    for n,r in enumerate(rows):
        f=k if k<5 else n%5
        o=bytearray()
        for i,x in enumerate(r):
            a=r[i-bpp] if i>=bpp else 0; b=prev[i]; c=prev[i-bpp] if i>=bpp else 0
            if f==0:p=0
            elif f==1:p=a
            elif f==2:p=b
            elif f==3:p=(a+b)//2
            else:
                q=a+b-c; pa,pb,pc=abs(q-a),abs(q-b),abs(q-c); p=a if pa<=pb and pa<=pc else b if pb<=pc else c
            o.append((x-p)&255)
        out+=bytes([f])+bytes(o); prev=r
    return out
def rowbytes(w,ct,d): return (w*CH[ct]*d+7)//8
def png(w,h,ct,d,k,inter=False,extra=b"",split=0):
    bpp=max(1,CH[ct]*d//8); raw=b""
    passes=[(0,0,8,8),(4,0,8,8),(0,4,4,8),(2,0,4,4),(0,2,2,4),(1,0,2,2),(0,1,1,2)] if inter else [(0,0,1,1)]
    for x0,y0,dx,dy in passes:
        pw=(w-x0+dx-1)//dx; ph=(h-y0+dy-1)//dy
        if pw<=0 or ph<=0: continue
        raw+=filt([rng.integers(0,256,rowbytes(pw,ct,d),dtype=np.uint8).tobytes() for _ in range(ph)],bpp,k)
    z=zlib.compress(raw,9); n=split or len(z)
    idat=b"".join(chunk(b"IDAT",z[i:i+n]) for i in range(0,len(z),n))
    return b"\x89PNG\r\n\x1a\n"+chunk(b"IHDR",struct.pack(">IIBBBBB",w,h,d,ct,0,0,int(inter)))+extra+idat+chunk(b"IEND",b"")
files=[]
for ct,ds in {0:(1,2,4,8,16),2:(8,16),3:(1,2,4,8),4:(8,16),6:(8,16)}.items():
    for d in ds:
        pal=chunk(b"PLTE",rng.integers(0,256,3*(1<<min(d,8)),dtype=np.uint8).tobytes()) if ct==3 else b""
        for inter in (False,True):
            for w,h in ((1,1),(3,2),(7,9),(8,8),(17,5)):
                files.append((f"c{ct}d{d}{'i' if inter else ''}_{w}x{h}.png",png(w,h,ct,d,5,inter,pal,split=0 if w<8 else 13)))
        trns={0:b"\0\1",2:b"\0\1\0\2\0\3",3:b"\0\x80"}.get(ct)
        if trns: files.append((f"c{ct}d{d}_trns.png",png(9,4,ct,d,5,False,pal+chunk(b"tRNS",trns))))
for k in range(5): files.append((f"filter{k}.png",png(11,6,2,8,k)))
files.append(("gama.png",png(5,5,2,8,5,False,chunk(b"gAMA",struct.pack(">I",100000)))))
files.append(("short_palette.png",png(9,9,3,8,0,False,chunk(b"PLTE",bytes(range(60,120))))))
good=files[100][1]
for n,b in (("cut_half",good[:len(good)//2]),("cut_header",good[:20]),("bad_adler",None)):
    if b: files.append((n+".png",b))
g=png(9,9,2,8,0)
i=g.rindex(b"IEND")-4-4-2; b=bytearray(g); b[i]^=255; files.append(("bad_adler.png",bytes(b)))
b=bytearray(g); b[20]^=1; files.append(("bad_ihdr_crc.png",bytes(b)))
files.append(("depth3.png",b"\x89PNG\r\n\x1a\n"+chunk(b"IHDR",struct.pack(">IIBBBBB",2,2,3,0,0,0,0))+chunk(b"IDAT",zlib.compress(b"\0\0\0\0"))))
pack(R+"png",files)
# PNM
files=[]
def rb(n): return rng.integers(0,256,n,dtype=np.uint8).tobytes()
for w,h in ((1,1),(7,3),(8,4),(17,5)):
    files.append((f"p4_{w}x{h}.pbm",b"P4\n%d %d\n"%(w,h)+rb((w+7)//8*h)))
    files.append((f"p1_{w}x{h}.pbm",b"P1\n# a comment\n%d %d\n"%(w,h)+"".join(rng.choice(list("01"),w*h)).encode()+b"\n"))
    for m in (1,3,15,100,255,256,1000,65535):
        v=rng.integers(0,m+1,w*h); v3=rng.integers(0,m+1,w*h*3)
        t="u1" if m<256 else ">u2"
        files.append((f"p5_{m}_{w}x{h}.pgm",b"P5 %d %d\n#c\n %d\n"%(w,h,m)+v.astype(t).tobytes()))
        files.append((f"p6_{m}_{w}x{h}.ppm",b"P6\t%d\r\n%d %d\n"%(w,h,m)+v3.astype(t).tobytes()))
        files.append((f"p2_{m}_{w}x{h}.pgm",b"P2 %d %d %d\n"%(w,h,m)+" ".join(map(str,v)).encode()))
        files.append((f"p3_{m}_{w}x{h}.ppm",b"P3 %d %d %d\n"%(w,h,m)+"\n#x y\n".join(map(str,v3)).encode()+b"\n"))
files.append(("too_large_value.pgm",b"P2 2 1 9\n3 10\n")); files.append(("raw_above_max.pgm",b"P5 2 1 9\n\x03\x0a"))
files.append(("cut.ppm",b"P6 4 4 255\n"+rb(40))); files.append(("cut_plain.ppm",b"P3 2 2 255\n1 2 3 4 5"))
files.append(("max0.pgm",b"P5 2 1 0\n\0\0")); files.append(("max70000.pgm",b"P5 2 1 70000\n\0\0\0\0")); files.append(("neg.pgm",b"P5 -2 1 255\n\0\0\0\0"))
files.append(("bad_bit.pbm",b"P1 2 1\n02")); files.append(("comment_in_number.pgm",b"P2 1#c\n0 1 255\n1 2 3#\n4 5 6 7 8 9 0 1"))
pack(R+"pnm",files)
# BMP
files=[]
def bmp(w,h,bits,comp=0,pal=None,data=None,masks=b"",topdown=False,hs=40,off=None,colors=None):
    stride=(w*bits+31)//32*4
    if data is None: data=rb(stride*h)
    pal=b"" if pal is None else pal
    if hs==12: hd=struct.pack("<IHHHH",12,w,h,1,bits)
    else:
        hd=struct.pack("<IiiHHIIiiII",hs,w,-h if topdown else h,1,bits,comp,len(data),2835,2835,(len(pal)//4 if colors is None else colors),0)
        hd+=masks+bytes(max(0,hs-40-len(masks))) if hs>40 else b""
        if hs==40: hd+=masks
    o=14+len(hd)+len(pal) if off is None else off
    return b"BM"+struct.pack("<IHHI",o+len(data),0,0,o)+hd+pal+data
for w,h in ((1,1),(5,3),(8,4),(33,7)):
    for td in (False,True):
        for bits in (1,4,8):
            pal=rb(4*(1<<bits)); files.append((f"b{bits}_{w}x{h}_{td}.bmp",bmp(w,h,bits,pal=pal,topdown=td)))
        for bits in (16,24,32): files.append((f"b{bits}_{w}x{h}_{td}.bmp",bmp(w,h,bits,topdown=td)))
    files.append((f"core24_{w}x{h}.bmp",bmp(w,h,24,hs=12))); files.append((f"core8_{w}x{h}.bmp",bmp(w,h,8,hs=12,pal=rb(768))))
    for hs in (40,56,108,124):
        files.append((f"m565_{hs}_{w}x{h}.bmp",bmp(w,h,16,3,masks=struct.pack("<III",0xF800,0x7E0,0x1F),hs=hs)))
        files.append((f"m555_{hs}_{w}x{h}.bmp",bmp(w,h,16,3,masks=struct.pack("<III",0x7C00,0x3E0,0x1F),hs=hs)))
        files.append((f"mbgrx_{hs}_{w}x{h}.bmp",bmp(w,h,32,3,masks=struct.pack("<III",0xFF0000,0xFF00,0xFF),hs=hs)))
        files.append((f"mxbgr_{hs}_{w}x{h}.bmp",bmp(w,h,32,3,masks=struct.pack("<III",0xFF000000,0xFF0000,0xFF00),hs=hs)))
        if hs>=56: files.append((f"mrgba_{hs}_{w}x{h}.bmp",bmp(w,h,32,3,masks=struct.pack("<IIII",0xFF,0xFF00,0xFF0000,0xFF000000),hs=hs)))
    files.append((f"grey8_{w}x{h}.bmp",bmp(w,h,8,pal=b"".join(bytes([i,i,i,0]) for i in range(256)))))
    files.append((f"short8_{w}x{h}.bmp",bmp(w,h,8,pal=rb(40))))
    files.append((f"bw1_{w}x{h}.bmp",bmp(w,h,1,pal=bytes([0,0,0,0,255,255,255,0]))))
    # off without palette
    files.append((f"off_{w}x{h}.bmp",bmp(w,h,8,pal=rb(1024),off=54)))
def rle8(w,h,nib):
    out=b""
    for y in range(h):
        x=0
        while x<w:
            if rng.random()<0.5 or w-x<3:
                n=int(rng.integers(1,min(w-x,255)+1)); out+=bytes([n,int(rng.integers(0,256))]); x+=n
            else:
                n=int(rng.integers(3,min(w-x,255)+1)); nb=(n+1)//2 if nib else n; d=rb(nb); out+=bytes([0,n])+d+(b"\0" if nb%2 else b""); x+=n
        out+=b"\0\0"
    return out+b"\0\1"
for w,h in ((1,1),(5,3),(8,4),(33,7),(300,4)):
    for k in range(3):
        files.append((f"rle8_{w}x{h}_{k}.bmp",bmp(w,h,8,1,pal=rb(1024),data=rle8(w,h,False)))); files.append((f"rle4_{w}x{h}_{k}.bmp",bmp(w,h,4,2,pal=rb(64),data=rle8(w,h,True))))
files.append(("rle_delta.bmp",bmp(6,4,8,1,pal=rb(1024),data=bytes([2,7,0,2,1,1,3,9,0,0,6,4,0,0,6,5,0,1]))))
files.append(("rle_early.bmp",bmp(6,4,8,1,pal=rb(1024),data=bytes([2,7,0,1]))))
files.append(("rle_long.bmp",bmp(6,4,8,1,pal=rb(1024),data=bytes([9,7,0,0,6,1,6,2,0,0,6,3,0,0,6,8,0,1]))))
files.append(("cut.bmp",bmp(9,9,24)[:-20])); files.append(("bits5.bmp",bmp(4,4,5))); files.append(("jpeg.bmp",bmp(4,4,24,4)));files.append(("pal300.bmp",bmp(4,4,8,pal=rb(1200))))
files.append(("lastpad.bmp",bmp(5,3,24)[:-1]))
pack(R+"bmp",files)

# Lists for the shared pictures, and the crops by torchvision that lie in SHARED/preprocess.
with open(R+"imagenet300.csv","w") as o:
    o.write("picture,width,height,crc32\n")
    for f in sorted(glob.glob(os.path.join(SHARED,"data/imagenet300/*.JPEG"))):
        o.write(os.path.basename(f)+","+pixels(open(f,"rb").read())+"\n")
with zipfile.ZipFile(os.path.join(SHARED,"data/cifar10.zip")) as z, open(R+"cifar2000.csv","w") as o:
    o.write("picture,width,height,crc32\n")
    for n in sorted(n for n in z.namelist() if ".jp" in n)[26::27][:2000]:
        o.write(n+","+pixels(z.read(n))+"\n")
os.makedirs(R+"preprocess",exist_ok=True)
with open(R+"preprocess/crops.csv","w") as o:
    o.write("picture,recipe,width,height,sha256\n")
    for f in sorted(glob.glob(os.path.join(SHARED,"preprocess/*.png"))):
        b=os.path.basename(f).split(".")
        if len(b)==3:
            im=Image.open(f).convert("RGB"); o.write(f"{b[0]},{b[1]},{im.width},{im.height},{hashlib.sha256(im.tobytes()).hexdigest()}\n")
