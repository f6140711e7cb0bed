"""Golden logits of more networks, for dialects, widths and odd sizes that the shared ones leave out; timm, torchvision, reference.py.

    python more_goldens.py GOLDENS_DIR WORKDIR && python goldens.py WORKDIR ../resources/dev/kinglet/golden more

GOLDENS_DIR holds make.py, formula.py and reference.py. Groups and scales that reference.py's ShuffleNetV1 does not know get the
stems and stage widths that Kinglet documents for them.
"""
import json, os, sys
sys.path.insert(0, sys.argv[1])
import make, reference

reference.ShuffleNetV1.STEM.update({(4, 0.5): 12, (1, 1.0): 24, (2, 1.5): 24})
reference.ShuffleNetV1.BASE.update({4: 288, 1: 144, 2: 304 / 1.5})


def S(h, w=None):
    return [1, 3, h, w or h]



CASES = [
    ("legacy_seresnet18", "timm", "legacy_seresnet18", {}, S(225,193), "se_resnet18 --set dialect=legacy --input 3x225x193"),
    ("legacy_seresnet50", "timm", "legacy_seresnet50", {}, S(160), "se_resnet50 --set dialect=legacy --input 3x160x160"),
    ("se_resnet34", "timm", "seresnet34", {}, S(97,65), "se_resnet34 --input 3x97x65"),
    ("mobilenet_v2_050_timm", "timm", "mobilenetv2_050", {}, S(96), "mobilenet_v2_050 --set dialect=timm --input 3x96x96"),
    ("mobilenet_v2_060_odd", "torchvision", "mobilenet_v2", {"width_mult":0.6}, S(97,129), "mobilenet_v2_100 --set width=0.6 --input 3x97x129"),
    ("mobilenet_v3_small_075_tf", "timm", "tf_mobilenetv3_small_075", {}, S(95,128), "mobilenet_v3_small_075 --set dialect=tf --input 3x95x128"),
    ("mobilenet_v3_small_050_timm", "timm", "mobilenetv3_small_050", {}, S(128), "mobilenet_v3_small_075 --set width=0.5 --input 3x128x128"),
    ("mobilenet_v3_small_minimalistic_tf", "timm", "tf_mobilenetv3_small_minimal_100", {}, S(127), "mobilenet_v3_small_minimalistic_100 --input 3x127x127"),
    ("mobilenet_v3_small_060_reduced_dilated", "torchvision", "mobilenet_v3_small", {"width_mult":0.6, "reduced_tail":True, "dilated":True}, S(109,75), "mobilenet_v3_small_100 --set width=0.6 --set reduced_tail=true --set dilated=true --input 3x109x75"),
    ("ghostnet_130", "timm", "ghostnet_130", {}, S(96), "ghostnet_130 --input 3x96x96"),
    ("ghostnet_v2_130_odd", "timm", "ghostnetv2_130", {}, S(101,139), "ghostnet_v2_130 --input 3x101x139"),
    ("ghostnet_v2_160_small", "timm", "ghostnetv2_160", {}, S(33,40), "ghostnet_v2_160 --input 3x33x40"),
    ("efficientnet_lite1", "timm", "efficientnet_lite1", {}, S(111), "efficientnet_lite1 --set dialect=timm --input 3x111x111"),
    ("efficientnet_lite3_tf_odd", "timm", "tf_efficientnet_lite3", {}, S(101,133), "efficientnet_lite3 --input 3x101x133"),
    ("mobilenet_v1_125_odd", "timm", "mobilenetv1_125", {}, S(65,97), "mobilenet_v1_100 --set width=1.25 --input 3x65x97"),
    ("resnet18_odd", "torchvision", "resnet18", {}, S(65,99), "resnet18 --input 3x65x99"),
    ("resnet50", "torchvision", "resnet50", {}, S(96), "resnet50 --input 3x96x96"),
    ("cbam_resnet34_odd", "reference", "CbamResNet", {"depth":34}, S(75,61), "cbam_resnet34 --input 3x75x61"),
    ("shufflenet_v2_x0_5_megvii_odd", "reference", "ShuffleNetV2Megvii", {"scale":0.5}, S(75,61), "shufflenet_v2_x0_5 --set dialect=megvii --input 3x75x61"),
    ("shufflenet_v1_g8_x2_0_odd", "reference", "ShuffleNetV1", {"groups":8, "scale":2.0}, S(75,61), "shufflenet_v1_g8_x2_0 --input 3x75x61"),
    ("shufflenet_v1_g4_x0_5", "reference", "ShuffleNetV1", {"groups":4, "scale":0.5}, S(64), "shufflenet_v1_g4_x0_5 --input 3x64x64"),
    ("shufflenet_v1_g1_x1_0", "reference", "ShuffleNetV1", {"groups":1, "scale":1.0}, S(64), "shufflenet_v1_g1_x1_0 --input 3x64x64"),
    ("shufflenet_v1_g2_x1_5", "reference", "ShuffleNetV1", {"groups":2, "scale":1.5}, S(64), "shufflenet_v1_g2_x1_5 --input 3x64x64"),
    ("hybridsn_small", "reference", "HybridSN", {"bands":14, "classes":5, "window":9}, [3, 1, 14, 9, 9], "hybridsn_salinas --set bands=14 --set window=9 --classes 5"),
    ("tutorial_mobilenet_v2_odd", "reference", "TutorialMobileNetV2", {"classes":7}, S(67,93), "tutorial_mobilenet_v2 --classes 7 --input 3x67x93"),
    ("tutorial_shufflenet_v2_x0_5_odd", "reference", "TutorialShuffleNetV2", {"scale":0.5, "softmax":True, "classes":12}, S(67,93), "tutorial_shufflenet_v2_x0_5 --classes 12 --input 3x67x93"),
    ("se_inception_multiple", "reference", "SeInception", {}, S(128,96), "se_inception --input 3x128x96"),
    ("tiny_mobilenet_v2", "torchvision", "mobilenet_v2", {}, S(1), "mobilenet_v2_100 --input 3x1x1"),
    ("tiny_efficientnet_tf", "timm", "tf_efficientnet_lite0", {}, S(5,3), "efficientnet_lite0 --input 3x5x3"),
]

work = sys.argv[2]
os.makedirs(work, exist_ok=True)
cases = [dict(id=i, library=l, name=n, options=o, input=s) for i, l, n, o, s, _ in CASES]
for case in cases:
    if case["options"].get("softmax"):
        case["gain"] = 0.65   # else one class takes all
json.dump(cases, open(os.path.join(work, "cases.json"), "w"))
make.main(work, os.path.join(work, "cases.json"))
json.dump({i: c for i, _, _, _, _, c in CASES}, open(os.path.join(work, "commands.json"), "w"))
