package org.vistadr.storage.s3;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/// The cost of signing the request of a small object.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SignerBenchmark {

  private final SigV4Signer signer = new SigV4Signer("us-east-1");
  private final AwsBasicCredentials keys = AwsBasicCredentials.create("access", "secret");
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Benchmark
  public Map<String, String> put() {
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", "image/jpeg");
    headers.put("content-md5", "rL0Y20zC+Fzt72VPzMSk2A==");
    headers.put("x-amz-meta-owner", "scanner-17");
    signer.sign(
        keys,
        now,
        "PUT",
        "copies.example.net",
        "/vista/projects/000012/images/scan-00001234.jpg",
        new TreeMap<>(),
        headers,
        SigV4Signer.EMPTY);
    return headers;
  }
}
