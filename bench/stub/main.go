// Command stub is an S3 server that costs as little CPU as it can, so that a benchmark measures the
// client. It keeps keys, sizes, entity tags and versions; bodies are a fixed pattern that is served
// and never stored. Signatures are not checked. Not for anything but measuring.
package main

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type server struct {
	lock    sync.RWMutex
	buckets map[string]*bucket
	uploads sync.Map // id -> *upload
	delay   atomic.Int64
	counts  sync.Map // operation -> *atomic.Int64
}

type upload struct {
	lock  sync.Mutex
	key   string
	meta  string
	parts map[int]version
}

func main() {
	address := flag.String("listen", "127.0.0.1:0", "address")
	flag.Parse()
	debug.SetGCPercent(400)
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		// The harness holds the other end: when it is gone, so is the stub.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	fmt.Println(listener.Addr())
	s := &server{buckets: map[string]*bucket{}}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go s.serve(conn.(*net.TCPConn))
	}
}

var dateText atomic.Value

type dated struct {
	second int64
	text   string
}

func httpDate() string {
	now := time.Now()
	if d, ok := dateText.Load().(dated); ok && d.second == now.Unix() {
		return d.text
	}
	d := dated{now.Unix(), now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")}
	dateText.Store(d)
	return d.text
}

func (s *server) count(operation string) {
	n, ok := s.counts.Load(operation)
	if !ok {
		n, _ = s.counts.LoadOrStore(operation, new(atomic.Int64))
	}
	n.(*atomic.Int64).Add(1)
}

func (s *server) bucket(name string) *bucket {
	s.lock.RLock()
	defer s.lock.RUnlock()
	return s.buckets[name]
}

func xmlAnswer(body []byte) *answer {
	return &answer{status: 200, headers: []byte("Content-Type: application/xml\r\n"), body: body}
}

func failure(status int, code string) *answer {
	body := "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" + code +
		"</Message></Error>"
	return &answer{status: status, headers: []byte("Content-Type: application/xml\r\n"), body: []byte(body)}
}

func (s *server) handle(r *request) *answer {
	if r.bucket == "_stub" {
		return s.admin(r)
	}
	if r.bucket == "" {
		s.count("ListBuckets")
		return s.listBuckets()
	}
	b := s.bucket(r.bucket)
	if b == nil {
		return failure(404, "NoSuchBucket")
	}
	if r.key == "" {
		return s.bucketCall(r, b)
	}
	return s.objectCall(r, b)
}

func (s *server) listBuckets() *answer {
	s.lock.RLock()
	defer s.lock.RUnlock()
	text := "<ListAllMyBucketsResult><Owner><ID>stub</ID></Owner><Buckets>"
	for name := range s.buckets {
		text += "<Bucket><Name>" + name + "</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>"
	}
	return xmlAnswer([]byte(text + "</Buckets></ListAllMyBucketsResult>"))
}

func (s *server) bucketCall(r *request, b *bucket) *answer {
	has := func(name string) bool { _, ok := r.query[name]; return ok }
	switch {
	case r.method == "HEAD":
		s.count("HeadBucket")
		return &answer{status: 200}
	case r.method == "PUT":
		s.count("CreateBucket")
		return &answer{status: 200}
	case r.method != "GET":
		s.count(r.method)
		return failure(501, "NotImplemented")
	case has("versioning"):
		s.count("GetBucketVersioning")
		status := ""
		if b.versioned {
			status = "<Status>Enabled</Status>"
		}
		return xmlAnswer([]byte("<VersioningConfiguration>" + status + "</VersioningConfiguration>"))
	case has("location"):
		s.count("GetBucketLocation")
		return xmlAnswer([]byte("<LocationConstraint></LocationConstraint>"))
	case has("versions"):
		s.count("ListObjectVersions")
		return xmlAnswer(b.listVersions(r.query))
	case has("uploads"):
		s.count("ListMultipartUploads")
		return xmlAnswer([]byte("<ListMultipartUploadsResult><Bucket>" + b.name +
			"</Bucket><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"))
	case has("events"):
		s.count("ListenBucketNotification")
		return &answer{status: 200, stream: func(w io.Writer) { b.tell(w) }}
	case has("object-lock"), has("policy"), has("encryption"), has("lifecycle"), has("replication"),
		has("tagging"), has("notification"), has("cors"), has("website"):
		s.count("GetBucketConfiguration")
		return failure(404, "NoSuchConfiguration")
	case r.query["list-type"] == "2":
		s.count("ListObjectsV2")
		return xmlAnswer(b.listObjects(r.query, true))
	default:
		s.count("ListObjects")
		return xmlAnswer(b.listObjects(r.query, false))
	}
}

func (s *server) objectCall(r *request, b *bucket) *answer {
	_, uploads := r.query["uploads"]
	id, part := r.query["uploadId"]
	_, tagging := r.query["tagging"]
	switch {
	case tagging:
		s.count("GetObjectTagging")
		return xmlAnswer([]byte("<Tagging><TagSet></TagSet></Tagging>"))
	case r.method == "GET":
		s.count("GetObject")
		return b.get(r)
	case r.method == "HEAD":
		s.count("HeadObject")
		return b.get(r)
	case r.method == "PUT" && part && r.head.copySource != "":
		s.count("UploadPartCopy")
		return s.uploadPart(r, id)
	case r.method == "PUT" && part:
		s.count("UploadPart")
		return s.uploadPart(r, id)
	case r.method == "PUT" && r.head.copySource != "":
		s.count("CopyObject")
		return s.copy(r, b)
	case r.method == "PUT":
		s.count("PutObject")
		return b.putObject(r)
	case r.method == "POST" && uploads:
		s.count("CreateMultipartUpload")
		id := fmt.Sprintf("u%d", lastID.Add(1))
		s.uploads.Store(id, &upload{key: r.key, meta: r.head.meta, parts: map[int]version{}})
		return xmlAnswer([]byte("<InitiateMultipartUploadResult><Bucket>" + b.name + "</Bucket><Key>" +
			string(xmlText(nil, r.key)) + "</Key><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>"))
	case r.method == "POST" && part:
		s.count("CompleteMultipartUpload")
		return s.complete(r, b, id)
	case r.method == "DELETE" && part:
		s.count("AbortMultipartUpload")
		s.uploads.Delete(id)
		return &answer{status: 204}
	case r.method == "DELETE":
		s.count("DeleteObject")
		return b.remove(r)
	}
	s.count(r.method)
	return failure(501, "NotImplemented")
}

// The version that a request names, or the current one. The caller holds the lock.
func (b *bucket) version(key, id string) *version {
	e := b.find(key)
	if e == nil {
		return nil
	}
	if id == "" || id == "null" && !b.versioned {
		return &e.now
	}
	if e.now.name() == id {
		return &e.now
	}
	for i := range e.older {
		if e.older[i].name() == id {
			return &e.older[i]
		}
	}
	return nil
}

func (b *bucket) get(r *request) *answer {
	b.lock.RLock()
	found := b.version(r.key, r.query["versionId"])
	var v version
	if found != nil {
		v = *found
	}
	b.lock.RUnlock()
	if found == nil || v.marker {
		return failure(404, "NoSuchKey")
	}
	if r.head.ifMatch != "" && r.head.ifMatch != v.tag() {
		return failure(412, "PreconditionFailed")
	}
	h := make([]byte, 0, 256)
	h = append(h, "ETag: \""...)
	h = append(h, v.tag()...)
	h = append(h, "\"\r\nLast-Modified: "...)
	h = time.Unix(0, v.time).UTC().AppendFormat(h, "Mon, 02 Jan 2006 15:04:05 GMT")
	h = append(h, "\r\nAccept-Ranges: bytes\r\n"...)
	if b.versioned {
		h = append(h, "x-amz-version-id: "...)
		h = append(h, v.name()...)
		h = append(h, "\r\n"...)
	}
	if v.meta != nil {
		h = append(h, *v.meta...)
	}
	a := &answer{status: 200, headers: h, pattern: true, size: v.size}
	if spec, ok := strings.CutPrefix(r.head.byteRange, "bytes="); ok {
		from, to, _ := strings.Cut(spec, "-")
		first, _ := strconv.ParseInt(from, 10, 64)
		last := v.size - 1
		if to != "" {
			last, _ = strconv.ParseInt(to, 10, 64)
		}
		if last >= v.size {
			last = v.size - 1
		}
		if first > last {
			return failure(416, "InvalidRange")
		}
		a.status, a.offset, a.size = 206, first, last-first+1
		a.headers = append(a.headers, fmt.Sprintf("Content-Range: bytes %d-%d/%d\r\n", first, last, v.size)...)
	}
	return a
}

func (r *request) received() version {
	v := version{size: r.bodySize()}
	if sum, err := base64.StdEncoding.DecodeString(r.head.contentMD5); err == nil && len(sum) == 16 {
		copy(v.etag[:], sum)
	} else {
		v.etag = md5Of(v.size)
	}
	return v
}

// Takes the body, and says why not.
func (r *request) refused() *answer {
	if r.length == 0 {
		return nil
	}
	switch r.take() {
	case nil:
		return nil
	case errDigest:
		return failure(400, "BadDigest")
	}
	return failure(400, "IncompleteBody")
}

// What the body was compared with.
func (r *request) checked() string {
	if r.head.crc32c == "" {
		return ""
	}
	return crcHeader + ": " + r.head.crc32c + "\r\n"
}

func (b *bucket) putObject(r *request) *answer {
	v := r.received()
	if refused := r.refused(); refused != nil {
		return refused
	}
	meta := r.head.meta
	v.meta = &meta
	b.lock.Lock()
	defer b.lock.Unlock()
	if refused := b.condition(r); refused != nil {
		return refused
	}
	v = b.put(r.key, v)
	h := "ETag: \"" + v.tag() + "\"\r\n"
	if b.versioned {
		h += "x-amz-version-id: " + v.name() + "\r\n"
	}
	if r.head.sha256 != "" {
		h += "x-amz-checksum-sha256: " + r.head.sha256 + "\r\n"
	}
	h += r.checked()
	return &answer{status: 200, headers: []byte(h)}
}

func (b *bucket) condition(r *request) *answer {
	if r.head.ifNoneMatch == "" && r.head.ifMatch == "" {
		return nil
	}
	v := b.version(r.key, "")
	there := v != nil && !v.marker
	if r.head.ifNoneMatch == "*" && there {
		return failure(412, "PreconditionFailed")
	}
	if r.head.ifMatch != "" && (!there || v.tag() != r.head.ifMatch) {
		return failure(412, "PreconditionFailed")
	}
	return nil
}

func (s *server) source(r *request) (version, bool) {
	path, query, _ := strings.Cut(r.head.copySource, "?")
	name, key, _ := strings.Cut(strings.TrimPrefix(unescape(path), "/"), "/")
	b := s.bucket(name)
	if b == nil {
		return version{}, false
	}
	b.lock.RLock()
	defer b.lock.RUnlock()
	v := b.version(key, parseQuery(query)["versionId"])
	if v == nil || v.marker {
		return version{}, false
	}
	return *v, true
}

func (s *server) copy(r *request, b *bucket) *answer {
	v, ok := s.source(r)
	if !ok {
		return failure(404, "NoSuchKey")
	}
	v.time = 0
	b.lock.Lock()
	defer b.lock.Unlock()
	if refused := b.condition(r); refused != nil {
		return refused
	}
	v = b.put(r.key, v)
	a := xmlAnswer([]byte("<CopyObjectResult><ETag>&quot;" + v.tag() + "&quot;</ETag><LastModified>" +
		string(isoTime(nil, v.time)) + "</LastModified></CopyObjectResult>"))
	if b.versioned {
		a.headers = append(a.headers, "x-amz-version-id: "+v.name()+"\r\n"...)
	}
	return a
}

func (s *server) uploadPart(r *request, id string) *answer {
	found, ok := s.uploads.Load(id)
	if !ok {
		return failure(404, "NoSuchUpload")
	}
	number, _ := strconv.Atoi(r.query["partNumber"])
	v := r.received()
	copied := r.head.copySource != ""
	if copied {
		if v, ok = s.source(r); !ok {
			return failure(404, "NoSuchKey")
		}
	} else if refused := r.refused(); refused != nil {
		return refused
	}
	u := found.(*upload)
	u.lock.Lock()
	u.parts[number] = v
	u.lock.Unlock()
	if copied {
		return xmlAnswer([]byte("<CopyPartResult><ETag>&quot;" + v.tag() + "&quot;</ETag></CopyPartResult>"))
	}
	return &answer{status: 200, headers: []byte("ETag: \"" + v.tag() + "\"\r\n" + r.checked())}
}

func (s *server) complete(r *request, b *bucket, id string) *answer {
	body, err := r.readBody()
	found, ok := s.uploads.LoadAndDelete(id)
	if err != nil || !ok {
		return failure(404, "NoSuchUpload")
	}
	var list struct {
		Parts []struct{ PartNumber int } `xml:"Part"`
	}
	if xml.Unmarshal(body, &list) != nil {
		return failure(400, "MalformedXML")
	}
	u := found.(*upload)
	v := version{parts: int32(len(list.Parts)), meta: &u.meta}
	digest := newMD5()
	for _, p := range list.Parts {
		part, ok := u.parts[p.PartNumber]
		if !ok {
			return failure(400, "InvalidPart")
		}
		v.size += part.size
		digest.Write(part.etag[:])
	}
	digest.Sum(v.etag[:0])
	b.lock.Lock()
	defer b.lock.Unlock()
	v = b.put(r.key, v)
	a := xmlAnswer([]byte("<CompleteMultipartUploadResult><Bucket>" + b.name + "</Bucket><Key>" +
		string(xmlText(nil, r.key)) + "</Key><ETag>&quot;" + v.tag() + "&quot;</ETag></CompleteMultipartUploadResult>"))
	if b.versioned {
		a.headers = append(a.headers, "x-amz-version-id: "+v.name()+"\r\n"...)
	}
	return a
}

func (b *bucket) remove(r *request) *answer {
	b.lock.Lock()
	defer b.lock.Unlock()
	if id := r.query["versionId"]; id != "" && b.versioned {
		if e := b.find(r.key); e != nil && e.now.name() == id {
			if len(e.older) > 0 {
				e.now, e.older = e.older[0], e.older[1:]
			} else {
				b.drop(r.key)
			}
		}
		return &answer{status: 204}
	}
	if b.versioned {
		v := b.put(r.key, version{marker: true})
		return &answer{status: 204, headers: []byte("x-amz-delete-marker: true\r\nx-amz-version-id: " + v.name() + "\r\n")}
	}
	b.drop(r.key)
	return &answer{status: 204}
}

// Forgets a key. The caller holds the lock.
func (b *bucket) drop(key string) {
	delete(b.fresh, key)
	if i := b.position(key); i < len(b.sorted) && b.sorted[i].key == key {
		b.sorted = append(b.sorted[:i], b.sorted[i+1:]...)
	}
}

// MinIO's notification stream: one line per change, a space now and then.
func (b *bucket) tell(w io.Writer) {
	changes := make(chan string, 100000)
	b.lock.Lock()
	b.watchers[changes] = true
	b.lock.Unlock()
	defer func() {
		b.lock.Lock()
		delete(b.watchers, changes)
		b.lock.Unlock()
	}()
	for {
		select {
		case key := <-changes:
			line, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{
				"eventVersion": "2.0", "eventSource": "minio:s3", "eventName": "s3:ObjectCreated:Put",
				"eventTime": time.Now().UTC().Format(time.RFC3339),
				"s3": map[string]any{"s3SchemaVersion": "1.0",
					"bucket": map[string]any{"name": b.name},
					"object": map[string]any{"key": string(escape(nil, key))}}}}})
			if _, err := w.Write(append(line, '\n')); err != nil {
				return
			}
		case <-time.After(2 * time.Second):
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
		}
	}
}
