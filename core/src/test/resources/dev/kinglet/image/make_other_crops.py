"""Crops by OpenCV (Megvii recipe: shorter side 256 bilinear, crop 224) and by Pillow nearest (Keras load_img): python make_other_crops.py FOLDER. Needs opencv-python-headless."""
import sys, cv2, numpy as np, glob, os, hashlib
from PIL import Image
R = sys.argv[1] + "/"
with open(R+"other_crops.csv","w") as o:
    o.write("picture,recipe,sha256\n")
    for f in sorted(glob.glob(R+"*.png")):
        n=os.path.basename(f)[:-4]
        im=cv2.imread(f); H,W,_=im.shape
        t=(int(256/H*W+0.5),256) if H<W else (256,int(256/W*H+0.5))
        r=cv2.resize(im,t,interpolation=cv2.INTER_LINEAR)[:,:,::-1]
        h,w,_=r.shape; top=int(round((h-224)/2)); left=int(round((w-224)/2))
        o.write(f"{n},megvii,{hashlib.sha256(np.ascontiguousarray(r[top:top+224,left:left+224]).tobytes()).hexdigest()}\n")
        o.write(f"{n},keras_tf,{hashlib.sha256(Image.open(f).convert('RGB').resize((224,224),Image.NEAREST).tobytes()).hexdigest()}\n")
