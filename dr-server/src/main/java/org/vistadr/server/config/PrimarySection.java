package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `primary:` the bucket that is protected.
///
/// @param provider a profile's name, or `auto` to guess it from the endpoint
/// @param endpoint `host:port` or a URL; empty for AWS
/// @param useSsl whether an endpoint without a scheme is spoken to over TLS; true when left out
/// @param region the region to sign for; empty for the provider's default
/// @param bucket the bucket
/// @param accessKey the access key id, not a secret
/// @param accessKeyFile a file that holds it
/// @param secretKeyFile a file that holds the secret key
/// @param credentials `keys` or `default-chain`
/// @param requestsAtOnce most requests in flight
/// @param requestRateLimit requests per second, 0 for no ceiling
/// @param bandwidth ceiling of object bytes, `200 Mbit/s`
/// @param exclude globs of keys that are not protected
/// @param scanInterval when the whole listing is read
/// @param events `auto` listens where the provider offers notifications, `off` never
public record PrimarySection(
    String provider,
    String endpoint,
    Optional<Boolean> useSsl,
    String region,
    String bucket,
    String accessKey,
    String accessKeyFile,
    String secretKeyFile,
    String credentials,
    int requestsAtOnce,
    long requestRateLimit,
    Optional<Rate> bandwidth,
    List<String> exclude,
    Timetable scanInterval,
    Events events) {

  /// Fills in the defaults.
  public PrimarySection {
    provider = requireNonNullElse(provider, "auto");
    endpoint = requireNonNullElse(endpoint, "");
    region = requireNonNullElse(region, "");
    bucket = requireNonNullElse(bucket, "");
    accessKey = requireNonNullElse(accessKey, "");
    accessKeyFile = requireNonNullElse(accessKeyFile, "");
    secretKeyFile = requireNonNullElse(secretKeyFile, "");
    credentials = requireNonNullElse(credentials, "keys");
    requestsAtOnce = requestsAtOnce == 0 ? 256 : requestsAtOnce;
    exclude = List.copyOf(requireNonNullElse(exclude, List.of("temp/**")));
    scanInterval = requireNonNullElse(scanInterval, new Timetable.Every(Duration.ofMinutes(5)));
    events = requireNonNullElse(events, Events.AUTO);
  }

  /// Whether to listen for changes.
  public enum Events {
    /// Where the provider offers notifications.
    AUTO,
    /// Never.
    OFF;

    /// Reads `auto` or `off`; for YAML a plain `off` is the same as `false`.
    @JsonCreator
    public static Events parse(Object word) {
      return switch (String.valueOf(word)) {
        case "auto" -> AUTO;
        case "off", "false" -> OFF;
        default -> throw new IllegalArgumentException("'%s' is not auto or off".formatted(word));
      };
    }
  }
}
