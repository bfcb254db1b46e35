package org.vistadr.storage.s3;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.listing.UrlText;

/// Where requests about a bucket go. Keys become paths byte for byte: nothing is normalised, and
/// only what is not unreserved is percent encoded.
///
/// @param scheme `http` or `https`
/// @param host the host to connect to, the bucket included where it belongs into the name
/// @param port -1 for the scheme's own
/// @param bucketPath path of the bucket, without slash at its end; empty when the bucket is in the
///   host name
record SiteAddress(String scheme, String host, int port, String bucketPath) {

  private static final Pattern IP_V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  static SiteAddress of(SiteConfig site) {
    URI endpoint = site.endpoint().orElseGet(() -> URI.create("https://" + awsHost(site.region())));
    String scheme =
        endpoint.getScheme() == null ? "https" : endpoint.getScheme().toLowerCase(Locale.ROOT);
    String host = endpoint.getHost();
    if (host == null) {
      throw new IllegalArgumentException(
          "the endpoint of site %s has no host: %s".formatted(site.name(), endpoint));
    }
    int port = endpoint.getPort();
    if (port == (scheme.equals("https") ? 443 : 80)) {
      port = -1;
    }
    String base = endpoint.getRawPath() == null ? "" : endpoint.getRawPath().replaceAll("/+$", "");
    // A wildcard certificate covers one label, so a bucket with dots cannot be in the name.
    boolean dotted = site.bucket().indexOf('.') >= 0 && scheme.equals("https");
    return site.profile().pathStyle() || dotted || isIpAddress(host)
        ? new SiteAddress(scheme, host, port, base + "/" + UrlText.encode(site.bucket(), false))
        : new SiteAddress(scheme, site.bucket() + "." + host, port, base);
  }

  /// A bucket's name cannot stand before an IP address.
  private static boolean isIpAddress(String host) {
    return host.startsWith("[") || IP_V4.matcher(host).matches();
  }

  String authority() {
    return port < 0 ? host : host + ":" + port;
  }

  String path() {
    return bucketPath.isEmpty() ? "/" : bucketPath;
  }

  String path(ObjectKey key) {
    return bucketPath + "/" + UrlText.encode(key.value(), true);
  }

  private static String awsHost(String region) {
    return "s3." + region + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
  }
}
