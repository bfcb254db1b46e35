package main

import (
	"crypto/md5"
	"hash"
	"strconv"
	"strings"
	"time"
)

func newMD5() hash.Hash { return md5.New() }

func isoTime(out []byte, nanos int64) []byte {
	return time.Unix(0, nanos).UTC().AppendFormat(out, "2006-01-02T15:04:05.000Z")
}

type page struct {
	out    []byte
	encode bool
	last   int64 // the second that `stamp` is of
	stamp  []byte
}

func (p *page) element(name, text string) {
	p.out = append(p.out, '<')
	p.out = append(p.out, name...)
	p.out = append(p.out, '>')
	p.out = xmlText(p.out, text)
	p.out = append(p.out, "</"...)
	p.out = append(p.out, name...)
	p.out = append(p.out, '>')
}

func (p *page) text(text string) {
	if p.encode {
		p.out = escape(p.out, text)
	} else {
		p.out = xmlText(p.out, text)
	}
}

func (p *page) key(name, text string) {
	p.out = append(p.out, '<')
	p.out = append(p.out, name...)
	p.out = append(p.out, '>')
	p.text(text)
	p.out = append(p.out, "</"...)
	p.out = append(p.out, name...)
	p.out = append(p.out, '>')
}

func (p *page) time(nanos int64) {
	if nanos/1000000 != p.last {
		p.last = nanos / 1000000
		p.stamp = isoTime(p.stamp[:0], nanos)
	}
	p.out = append(p.out, p.stamp...)
}

const hexLower = "0123456789abcdef"

func (p *page) tagAndSize(v *version) {
	p.out = append(p.out, "<LastModified>"...)
	p.time(v.time)
	p.out = append(p.out, "</LastModified><ETag>&quot;"...)
	for _, b := range v.etag {
		p.out = append(p.out, hexLower[b>>4], hexLower[b&15])
	}
	if v.parts > 0 {
		p.out = append(p.out, '-')
		p.out = strconv.AppendInt(p.out, int64(v.parts), 10)
	}
	p.out = append(p.out, "&quot;</ETag><Size>"...)
	p.out = strconv.AppendInt(p.out, v.size, 10)
	p.out = append(p.out, "</Size><StorageClass>STANDARD</StorageClass>"...)
}

func limit(query map[string]string) int {
	n, err := strconv.Atoi(query["max-keys"])
	if err != nil || n > 1000 {
		return 1000
	}
	return n
}

// ListObjectsV2, or the older ListObjects.
func (b *bucket) listObjects(query map[string]string, second bool) []byte {
	b.settle()
	b.lock.RLock()
	defer b.lock.RUnlock()
	prefix, delimiter, most := query["prefix"], query["delimiter"], limit(query)
	after := query["marker"]
	if second {
		after = query["start-after"]
		if token, ok := query["continuation-token"]; ok {
			after = token
		}
	}
	p := &page{out: make([]byte, 0, 300*most+1000), encode: query["encoding-type"] == "url"}
	count, last, i := 0, "", b.position(prefix)
	if after != "" && after >= prefix {
		i = b.position(after)
		if i < len(b.sorted) && b.sorted[i].key == after {
			i++
		}
		if delimiter != "" && strings.HasSuffix(after, delimiter) && strings.HasPrefix(after, prefix) {
			i = b.position(after + "\xff\xff\xff\xff")
		}
	}
	truncated := false
	for i < len(b.sorted) && strings.HasPrefix(b.sorted[i].key, prefix) {
		e := b.sorted[i]
		if e.now.marker {
			i++
			continue
		}
		if count == most {
			truncated = true
			break
		}
		if delimiter != "" {
			if n := strings.Index(e.key[len(prefix):], delimiter); n >= 0 {
				common := e.key[:len(prefix)+n+len(delimiter)]
				p.out = append(p.out, "<CommonPrefixes>"...)
				p.key("Prefix", common)
				p.out = append(p.out, "</CommonPrefixes>"...)
				count++
				last = common
				i = b.position(common + "\xff\xff\xff\xff")
				continue
			}
		}
		p.out = append(p.out, "<Contents>"...)
		p.key("Key", e.key)
		p.tagAndSize(&e.now)
		p.out = append(p.out, "</Contents>"...)
		count++
		last = e.key
		i++
	}
	h := &page{out: make([]byte, 0, len(p.out)+1000), encode: p.encode}
	h.out = append(h.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"...)
	h.element("Name", b.name)
	h.key("Prefix", prefix)
	h.element("MaxKeys", strconv.Itoa(most))
	h.element("IsTruncated", strconv.FormatBool(truncated))
	if p.encode {
		h.element("EncodingType", "url")
	}
	if delimiter != "" {
		h.key("Delimiter", delimiter)
	}
	if second {
		h.element("KeyCount", strconv.Itoa(count))
		if truncated {
			h.element("NextContinuationToken", last)
		}
	} else {
		h.key("Marker", after)
		if truncated {
			h.key("NextMarker", last)
		}
	}
	h.out = append(h.out, p.out...)
	return append(h.out, "</ListBucketResult>"...)
}

func (b *bucket) listVersions(query map[string]string) []byte {
	b.settle()
	b.lock.RLock()
	defer b.lock.RUnlock()
	prefix, most := query["prefix"], limit(query)
	after, afterVersion := query["key-marker"], query["version-id-marker"]
	p := &page{out: make([]byte, 0, 400*most+1000), encode: query["encoding-type"] == "url"}
	i := b.position(prefix)
	if after != "" && after >= prefix {
		i = b.position(after)
		if afterVersion == "" && i < len(b.sorted) && b.sorted[i].key == after {
			i++
		}
	}
	count, truncated, lastKey, lastVersion := 0, false, "", ""
	skipping := afterVersion != "" && i < len(b.sorted) && b.sorted[i].key == after
	for ; i < len(b.sorted) && strings.HasPrefix(b.sorted[i].key, prefix) && !truncated; i++ {
		e := b.sorted[i]
		for n := -1; n < len(e.older); n++ {
			v := &e.now
			if n >= 0 {
				v = &e.older[n]
			}
			if skipping {
				if v.name() == afterVersion {
					skipping = false
				}
				continue
			}
			if count == most {
				truncated = true
				break
			}
			name := "null"
			if b.versioned {
				name = v.name()
			}
			kind := "Version"
			if v.marker {
				kind = "DeleteMarker"
			}
			p.out = append(p.out, '<')
			p.out = append(p.out, kind...)
			p.out = append(p.out, '>')
			p.key("Key", e.key)
			p.element("VersionId", name)
			p.element("IsLatest", strconv.FormatBool(n < 0))
			if v.marker {
				p.out = append(p.out, "<LastModified>"...)
				p.time(v.time)
				p.out = append(p.out, "</LastModified>"...)
			} else {
				p.tagAndSize(v)
			}
			p.out = append(p.out, "</"...)
			p.out = append(p.out, kind...)
			p.out = append(p.out, '>')
			count++
			lastKey, lastVersion = e.key, name
		}
		skipping = false
	}
	h := &page{out: make([]byte, 0, len(p.out)+1000), encode: p.encode}
	h.out = append(h.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"...)
	h.element("Name", b.name)
	h.key("Prefix", prefix)
	h.key("KeyMarker", after)
	h.element("VersionIdMarker", afterVersion)
	h.element("MaxKeys", strconv.Itoa(most))
	if p.encode {
		h.element("EncodingType", "url")
	}
	h.element("IsTruncated", strconv.FormatBool(truncated))
	if truncated {
		h.key("NextKeyMarker", lastKey)
		h.element("NextVersionIdMarker", lastVersion)
	}
	h.out = append(h.out, p.out...)
	return append(h.out, "</ListVersionsResult>"...)
}
