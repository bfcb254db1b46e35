package org.vistadr.storage.listing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;

/// The cost of a key in a page of 1,000, read and proved.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ListingBenchmark {

  private static final int KEYS = 1000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ListingRequest WHOLE =
      new ListingRequest("", ListingRequest.Position.BEGINNING, KEYS);

  private final byte[] versions = versions();

  @Benchmark
  @OperationsPerInvocation(KEYS)
  public ListingPage versionsPage() throws UnprovedAnswer {
    return ListingReader.versions(versions, versions.length, "vista", WHOLE, NOW);
  }

  private static byte[] versions() {
    StringBuilder xml = new StringBuilder();
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListVersionsResult")
        .append(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>vista</Name><Prefix/>")
        .append("<KeyMarker/><VersionIdMarker/><MaxKeys>1000</MaxKeys>")
        .append("<IsTruncated>false</IsTruncated>");
    for (int i = 0; i < KEYS; i++) {
      xml.append("<Version><Key>projects/")
          .append("%06d/images/scan-%08d.jpg".formatted(i / 100, i))
          .append("</Key><VersionId>%032x</VersionId><IsLatest>true</IsLatest>".formatted(i))
          .append("<LastModified>2026-01-01T00:00:00.123Z</LastModified>")
          .append("<ETag>&quot;%032x&quot;</ETag><Size>4096</Size>".formatted(i))
          .append("<StorageClass>STANDARD</StorageClass><Owner><ID>x</ID>")
          .append("<DisplayName>x</DisplayName></Owner></Version>");
    }
    return xml.append("</ListVersionsResult>").toString().getBytes(UTF_8);
  }
}
