package org.vistadr.storage.s3;

import io.minio.CloseableIterator;
import io.minio.ListenBucketNotificationArgs;
import io.minio.MinioClient;
import io.minio.Result;
import io.minio.credentials.Credentials;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.NotificationRecords;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ChangeFeed;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// The bucket notification stream of MinIO, through MinIO's own client: creations and removals of
/// objects. Follows no redirects. A stream that is silent for a minute (MinIO sends a sign of life
/// more often) counts as broken.
///
/// [#close()] may be called from any thread and ends a listening one at once.
public final class MinioChangeFeed implements ChangeFeed {

  private static final String OPERATION = "ListenBucketNotification";
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final SiteConfig site;
  private final OkHttpClient http;
  private final MinioClient client;
  private volatile @Nullable Call current;
  private volatile boolean closed;

  /// Prepares the client; nothing is sent yet.
  public MinioChangeFeed(SiteConfig site) {
    this.site = site;
    this.http =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .connectTimeout(Duration.ofSeconds(10))
            .readTimeout(SILENCE)
            .addInterceptor(chain -> {
              // The call outlives its answer's head; only cancelling it ends a blocked read.
              current = chain.call();
              if (closed) {
                chain.call().cancel();
              }
              return chain.proceed(chain.request());
            })
            .build();
    AwsCredentialsProvider keys = SdkClients.credentials(site);
    MinioClient.Builder builder =
        MinioClient.builder()
            .region(site.region())
            .httpClient(http)
            .credentialsProvider(() -> credentials(keys));
    site.endpoint().ifPresent(endpoint -> builder.endpoint(endpoint.toString()));
    this.client = builder.build();
  }

  private static Credentials credentials(AwsCredentialsProvider keys) {
    AwsCredentials now = keys.resolveCredentials();
    @Nullable String token =
        now instanceof AwsSessionCredentials session ? session.sessionToken() : null;
    return new Credentials(now.accessKeyId(), now.secretAccessKey(), token, null);
  }

  @Override
  public void listen(Consumer<ObjectKey> hint) throws StorageException {
    if (closed) {
      return;
    }
    try (CloseableIterator<Result<NotificationRecords>> records =
        client.listenBucketNotification(
            ListenBucketNotificationArgs.builder()
                .bucket(site.bucket())
                .prefix("")
                .suffix("")
                .events(new String[] {"s3:ObjectCreated:*", "s3:ObjectRemoved:*"})
                .build())) {
      while (!closed && records.hasNext()) {
        for (NotificationRecords.Event event : records.next().get().events()) {
          hint.accept(new ObjectKey(event.object().key()));
        }
      }
    } catch (MinioException | IOException | RuntimeException e) {
      if (closed) {
        return;
      }
      throw classified(e);
    }
    if (!closed) {
      throw new StorageException.Unavailable(
          site.name(), OPERATION, target() + ": the stream ended", null);
    }
  }

  private StorageException classified(Exception e) {
    if (e instanceof ErrorResponseException refused) {
      String code = refused.errorResponse().code();
      String message = refused.errorResponse().message();
      return S3Errors.of(
          site.name(),
          OPERATION,
          target(),
          refused.response().code(),
          new S3Errors.ErrorDocument(code == null ? "" : code, message == null ? "" : message));
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return new StorageException.Unavailable(
            site.name(),
            OPERATION,
            "%s: no sign of life for %d s, the server may keep notifications back; scans find the changes"
                .formatted(target(), SILENCE.toSeconds()),
            e);
      }
      if (cause instanceof IOException broken) {
        return S3Errors.broken(site.name(), OPERATION, target(), broken);
      }
    }
    return new StorageException.Unavailable(
        site.name(), OPERATION, "%s: %s".formatted(target(), S3Errors.tidy(e.getMessage())), e);
  }

  private String target() {
    return "bucket " + site.bucket();
  }

  @Override
  public void close() {
    closed = true;
    Call listening = current;
    if (listening != null) {
      listening.cancel();
    }
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
