package dev.kinglet.train;

import dev.kinglet.graph.Graph;
import dev.kinglet.graph.GraphBuilder;
import dev.kinglet.graph.Node;
import dev.kinglet.graph.Op;
import java.util.ArrayList;
import java.util.List;

/** The same graph at other rates of dropout and drop-path. */
final class Rates {
  private Rates() {}

  /**
   * Every dropout and drop-path that the network has, at these rates.
   *
   * @param dropout of elements; negative leaves the network's own
   * @param path of the last drop-path, rising linearly from 0 at the first (Huang et al. 2016);
   *     negative leaves the network's own
   */
  static Graph of(Graph graph, double dropout, double path) {
    long paths = graph.nodes().stream().filter(node -> node.op() instanceof Op.DropPath).count();
    GraphBuilder builder = new GraphBuilder(graph.name(), graph.input().shape());
    List<Node> made = new ArrayList<>(List.of(builder.input()));
    int met = 0;
    for (Node node : graph.nodes().subList(1, graph.nodes().size())) {
      Op op = node.op();
      if (op instanceof Op.Dropout && dropout >= 0) {
        op = new Op.Dropout((float) dropout);
      } else if (op instanceof Op.DropPath) {
        met++;
        op = path >= 0 ? new Op.DropPath((float) (path * met / paths)) : op;
      }
      List<Node> inputs = node.inputs().stream().map(in -> made.get(in.index())).toList();
      made.add(builder.add(node.name(), node.path(), op, inputs));
    }
    return builder.build(made.get(graph.output().index()));
  }
}
