package org.vistadr.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.vistadr.model.SiteName;
import org.vistadr.storage.RequestObserver;

/// Counts every attempt of a request to a site.
public final class RequestMeter implements RequestObserver {

  private static final double[] SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120
  };
  private static final List<String> OPERATIONS =
      List.of("GetObject", "HeadObject", "PutObject", "ListObjectsV2", "ListObjectVersions");

  private final Counter requests;
  private final Counter retries;
  private final Histogram seconds;
  private final Counter bytes;

  /// Registers the instruments.
  public RequestMeter(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name("vistadr_s3_requests_total")
            .help("Attempts of requests sent to a site.")
            .labelNames("site", "operation", "outcome")
            .register(registry);
    retries =
        Counter.builder()
            .name("vistadr_s3_retries_total")
            .help("Attempts that failed and were made again.")
            .labelNames("site", "operation")
            .register(registry);
    seconds =
        Histogram.builder()
            .name("vistadr_s3_request_duration_seconds")
            .help("From sending an attempt to the end of its answer.")
            .labelNames("site", "operation")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    bytes =
        Counter.builder()
            .name("vistadr_s3_bytes_total")
            .help("Object bytes sent to (out) and received from (in) a site.")
            .labelNames("site", "direction")
            .register(registry);
  }

  /// Makes the series of the usual operations, so that a first failure counts as an increase.
  public void declare(List<SiteName> sites) {
    for (SiteName site : sites) {
      for (String operation : OPERATIONS) {
        for (Outcome outcome : Outcome.values()) {
          requests.initLabelValues(site.value(), operation, outcome.label());
        }
        retries.initLabelValues(site.value(), operation);
      }
      bytes.initLabelValues(site.value(), "in");
      bytes.initLabelValues(site.value(), "out");
    }
  }

  @Override
  public void observed(Attempt attempt) {
    String site = attempt.site().value();
    requests.labelValues(site, attempt.operation(), attempt.outcome().label()).inc();
    seconds.labelValues(site, attempt.operation()).observe(Instruments.seconds(attempt.took()));
    bytes.labelValues(site, "out").inc(attempt.bytesSent());
    bytes.labelValues(site, "in").inc(attempt.bytesReceived());
  }

  @Override
  public void retried(SiteName site, String operation) {
    retries.labelValues(site.value(), operation).inc();
  }
}
