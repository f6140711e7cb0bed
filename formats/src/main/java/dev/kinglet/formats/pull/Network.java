package dev.kinglet.formats.pull;

import dev.kinglet.graph.InvalidInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the user's environment says of the network.
 *
 * @param offline whether nothing may be fetched
 * @param proxies through which servers are reached
 */
public record Network(boolean offline, ProxySelector proxies) {

  /**
   * Reads {@code KINGLET_OFFLINE} (anything but empty and 0), {@code HTTPS_PROXY}, {@code
   * HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}, in capitals or small letters; without any
   * of the proxies, the JDK's own properties hold.
   *
   * @throws InvalidInputException if a proxy's address is none
   */
  public static Network of(Map<String, String> environment) {
    String offline = environment.getOrDefault("KINGLET_OFFLINE", "");
    String all = variable(environment, "all_proxy", "");
    String secure = variable(environment, "https_proxy", all);
    String plain = variable(environment, "http_proxy", all);
    ProxySelector proxies =
        secure.isEmpty() && plain.isEmpty()
            ? ProxySelector.getDefault()
            : new Proxies(
                proxy("https_proxy", secure),
                proxy("http_proxy", plain),
                exceptions(variable(environment, "no_proxy", "")));
    return new Network(!offline.isEmpty() && !offline.equals("0"), proxies);
  }

  private static String variable(Map<String, String> environment, String name, String otherwise) {
    String small = environment.getOrDefault(name, "");
    String found =
        small.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : small;
    return found.isEmpty() ? otherwise : found;
  }

  private static Proxy proxy(String variable, String address) {
    if (address.isEmpty()) {
      return Proxy.NO_PROXY;
    }
    try {
      URI uri = URI.create(address.contains("://") ? address : "http://" + address);
      if (uri.getHost() != null) {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
      }
    } catch (IllegalArgumentException e) {
      // Answered below.
    }
    throw new InvalidInputException(
        "The environment's " + variable + " is no address; write it as http://host:port.");
  }

  private static List<String> exceptions(String list) {
    return Arrays.stream(list.split(","))
        .map(host -> host.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
        .filter(host -> !host.isEmpty())
        .toList();
  }

  private static final class Proxies extends ProxySelector {
    private final Proxy secure;
    private final Proxy plain;
    private final List<String> exceptions;

    Proxies(Proxy secure, Proxy plain, List<String> exceptions) {
      this.secure = secure;
      this.plain = plain;
      this.exceptions = exceptions;
    }

    @Override
    public List<Proxy> select(URI uri) {
      String host = uri.getHost().toLowerCase(Locale.ROOT);
      for (String exception : exceptions) {
        if (exception.equals("*") || host.equals(exception) || host.endsWith("." + exception)) {
          return List.of(Proxy.NO_PROXY);
        }
      }
      return List.of(uri.getScheme().equals("https") ? secure : plain);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The request itself fails and says so.
    }
  }
}
