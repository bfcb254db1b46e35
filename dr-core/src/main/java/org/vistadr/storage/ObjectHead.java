package org.vistadr.storage;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;

/// What a site says of an object without its bytes.
///
/// @param size bytes of the whole object
/// @param etag entity tag without quotes
/// @param md5 hex MD5 of the bytes, where the tag is one for all that the answer says
/// @param versionId the version; empty in an unversioned bucket
/// @param lastModified the site's time of it
/// @param attributes headers, user metadata and storage class; no tags
/// @param tagCount number of tags, 0 where the provider does not say
/// @param thaw whether it can be read, if its class is an archive
/// @param sha256 of the whole object, as the site computed it when it was written; only where it
///   was asked for ([ObjectStore#headWithChecksum]) and the site keeps one
public record ObjectHead(
    long size,
    String etag,
    Optional<String> md5,
    Optional<VersionId> versionId,
    Instant lastModified,
    ObjectAttributes attributes,
    int tagCount,
    ThawState thaw,
    Optional<Sha256> sha256) {}
