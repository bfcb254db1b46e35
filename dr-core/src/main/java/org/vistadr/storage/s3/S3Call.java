package org.vistadr.storage.s3;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.vistadr.model.ObjectKey;

/// One request of our own.
///
/// @param operation S3's name of it
/// @param method HTTP method
/// @param key the object; empty for the bucket
/// @param query parameters, not encoded
/// @param headers in lower case
/// @param body what is sent
/// @param bytes how many object bytes move, for the deadline
record S3Call(
    String operation,
    String method,
    Optional<ObjectKey> key,
    SortedMap<String, String> query,
    Map<String, String> headers,
    Optional<Body> body,
    long bytes) {

  /// A body and how its signature covers it.
  ///
  /// @param payload the bytes
  /// @param payloadHash hex SHA-256, or [SigV4Signer#UNSIGNED]
  record Body(Payload payload, String payloadHash) {}

  static S3Call ofBucket(String operation, String method) {
    return new S3Call(
        operation, method, Optional.empty(), new TreeMap<>(), new TreeMap<>(), Optional.empty(), 0);
  }

  static S3Call ofKey(String operation, String method, ObjectKey key) {
    return new S3Call(
        operation, method, Optional.of(key), new TreeMap<>(), new TreeMap<>(), Optional.empty(), 0);
  }

  S3Call with(String parameter, String value) {
    query.put(parameter, value);
    return this;
  }

  S3Call withHeader(String name, String value) {
    headers.put(name, value);
    return this;
  }

  S3Call withBody(Body newBody, long length) {
    return new S3Call(operation, method, key, query, headers, Optional.of(newBody), length);
  }

  S3Call moving(long newBytes) {
    return new S3Call(operation, method, key, query, headers, body, newBytes);
  }

  /// What the call is about, for messages.
  String target(String bucket) {
    return key.map(k -> "'" + S3Errors.tidy(k.value()) + "'").orElse("bucket " + bucket);
  }
}
