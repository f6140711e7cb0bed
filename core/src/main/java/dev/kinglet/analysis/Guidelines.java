package dev.kinglet.analysis;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * A network seen by ShuffleNetV2's four guidelines for fast networks (Ma et al. 2018, §2): equal
 * channel widths, few groups, few fragments, few element-wise operations.
 *
 * <p>These are counts, not times: the paper's bounds assume a cache that holds a layer's maps and
 * weights, and an engine that joins operators saves much of the element-wise traffic.
 *
 * @param graph the network's name
 * @param pointwise every 1 x 1 convolution on a map, for the first two guidelines
 * @param fragments convolutions, linear layers and poolings on maps: the third guideline's pieces
 * @param macsPerFragment the mean of their multiply-accumulates
 * @param branches the most values that one operator joins
 * @param depthwiseMacs multiply-accumulates in depthwise convolutions
 * @param depthwiseBytes memory access of depthwise convolutions
 * @param elementwiseBytes memory access of activations, sums, products, batch norms and moves
 * @param macs all multiply-accumulates
 * @param bytes all memory access
 */
public record Guidelines(
    String graph,
    List<Pointwise> pointwise,
    int fragments,
    double macsPerFragment,
    int branches,
    long depthwiseMacs,
    long depthwiseBytes,
    long elementwiseBytes,
    long macs,
    long bytes) {

  /** Copies the list. */
  public Guidelines {
    pointwise = List.copyOf(pointwise);
  }

  /** Looks at every node of a graph. */
  public static Guidelines of(Graph graph) {
    List<Pointwise> pointwise = new ArrayList<>();
    int fragments = 0;
    int branches = 1;
    long depthwiseMacs = 0;
    long depthwiseBytes = 0;
    long elementwiseBytes = 0;
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Op.Conv conv -> {
          fragments++;
          if (conv.groups() > 1 && conv.groups() == node.input().shape().channels()) {
            depthwiseMacs += node.macs();
            depthwiseBytes += MemoryAccess.bytes(node);
          } else if (conv.window().pointwise() && node.shape().area() > 1) {
            pointwise.add(
                new Pointwise(
                    node.name(),
                    node.input().shape().channels(),
                    conv.channels(),
                    conv.groups(),
                    node.shape().area()));
          }
        }
        case Op.ConvTranspose _, Op.Linear _, Op.Pool _ -> fragments++;
        case Op.Activation _,
            Op.PRelu _,
            Op.BatchNorm _,
            Op.LocalResponseNorm _,
            Op.Arithmetic _,
            Op.Concat _,
            Op.Slice _,
            Op.Shuffle _,
            Op.Transpose _,
            Op.Pad _,
            Op.Resize _,
            Op.Softmax _ -> {
          elementwiseBytes += MemoryAccess.bytes(node);
          branches = Math.max(branches, node.inputs().size());
        }
        case Op.Input _,
            Op.Constant _,
            Op.GlobalPool _,
            Op.Reduce _,
            Op.Reshape _,
            Op.Dropout _,
            Op.DropPath _ -> {}
      }
    }
    return new Guidelines(
        graph.name(),
        pointwise,
        fragments,
        fragments == 0 ? 0 : (double) graph.macs() / fragments,
        branches,
        depthwiseMacs,
        depthwiseBytes,
        elementwiseBytes,
        graph.macs(),
        MemoryAccess.bytes(graph));
  }

  /**
   * G1: how many times the least possible access the 1 x 1 convolutions without groups have, all
   * together; 1 where each has as many channels out as in.
   */
  public double unequalWidths() {
    return excess(pointwise.stream().filter(layer -> layer.groups() == 1).toList());
  }

  /** G2: the same for the 1 x 1 convolutions with groups; 1 where there are none. */
  public double groups() {
    return excess(pointwise.stream().filter(layer -> layer.groups() > 1).toList());
  }

  /** G4: the share of memory access that element-wise operators have. */
  public double elementwiseShare() {
    return share(elementwiseBytes, bytes);
  }

  /**
   * G4: how much greater the depthwise convolutions' share of access is than that of their work.
   */
  public double depthwiseWeight() {
    double work = share(depthwiseMacs, macs);
    return work == 0 ? 0 : share(depthwiseBytes, bytes) / work;
  }

  private static double excess(List<Pointwise> layers) {
    double least = layers.stream().mapToDouble(Pointwise::leastAccess).sum();
    return least == 0 ? 1 : layers.stream().mapToLong(Pointwise::access).sum() / least;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
