package org.vistadr.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.FaultyS3;
import org.vistadr.embedded.FaultyS3.Fault;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.RequestObserver;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Bytes of small objects that change between the source and us.
class DamagedReadTest {

  private static final ObjectKey KEY = new ObjectKey("k");
  private static final byte[] DATA = "0123456789".getBytes(UTF_8);

  private final ObjectTransfer transfer = new ObjectTransfer(TransferLimits.DEFAULT);
  private FaultyS3 faulty;
  private ObjectStore source;
  private ObjectStore target;

  @BeforeEach
  void putOne() throws Exception {
    SiteConfig site = TestS3.versioned(SiteName.PRIMARY);
    faulty = FaultyS3.before(site);
    source = open(faulty.through(site));
    target = open(TestS3.versioned(new SiteName("offsite")));
    source.put(
        new PutRequest(
            KEY, ObjectAttributes.NONE, WriteBody.Buffered.of(DATA), WriteCondition.ALWAYS));
  }

  private static ObjectStore open(SiteConfig site) {
    return ObjectStores.open(site, Clock.systemUTC(), RequestObserver.NONE, new Random(1), _ -> {});
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
    faulty.close();
  }

  private Transferred move() throws StorageException {
    return transfer.move(
        new StoreSource(source, KEY, Revision.CURRENT, Optional.empty()),
        DATA.length,
        target,
        KEY,
        attributes -> attributes,
        WriteCondition.ALWAYS,
        Optional.empty());
  }

  private byte[] arrived() throws StorageException, IOException {
    try (ObjectBody body = target.open(KEY, Revision.CURRENT, ByteRange.ALL)) {
      return body.stream().readAllBytes();
    }
  }

  @Test
  void bytesDamagedOnTheWayFromTheSourceAreNeverStored() {
    faulty.add(call -> call.isGet("/k"), 1, new Fault.FlipByte(3));
    assertThatExceptionOfType(StorageException.CorruptBody.class).isThrownBy(this::move);
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> target.head(KEY, Revision.CURRENT));
  }

  @Test
  void theNextTryCopiesThem() throws Exception {
    faulty.add(call -> call.isGet("/k"), 1, new Fault.FlipByte(3));
    assertThatExceptionOfType(StorageException.CorruptBody.class).isThrownBy(this::move);
    assertThat(move().sha256()).isEqualTo(Sha256.digest(DATA, 0, DATA.length));
    assertThat(arrived()).isEqualTo(DATA);
  }

  @Test
  void aTagThatOnlyLooksLikeAnMd5CostsASecondRead() throws Exception {
    faulty.add(call -> call.isGet("/k"), 2, new Fault.Header("ETag", "\"" + "0".repeat(32) + "\""));
    assertThat(move().sha256()).isEqualTo(Sha256.digest(DATA, 0, DATA.length));
    assertThat(faulty.calls(call -> call.isGet("/k"))).hasSize(2);
    assertThat(arrived()).isEqualTo(DATA);
  }

  @Test
  void aTagOfAnEncryptedObjectCostsNothing() throws Exception {
    faulty.add(
        call -> call.isGet("/k"), 1, new Fault.Header("x-amz-server-side-encryption", "aws:kms"));
    move();
    assertThat(faulty.calls(call -> call.isGet("/k"))).hasSize(1);
    assertThat(arrived()).isEqualTo(DATA);
  }
}
