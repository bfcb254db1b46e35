package main

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// All content is one pattern that repeats, so that bodies need not be kept: an object is its size.
const period = 64 << 10

var pattern = func() []byte {
	one := make([]byte, period)
	rand.New(rand.NewSource(1)).Read(one)
	all := make([]byte, 0, period*17)
	for len(all) < cap(all) {
		all = append(all, one...)
	}
	return all
}()

var sums sync.Map // size -> [16]byte

func md5Of(size int64) [16]byte {
	if sum, ok := sums.Load(size); ok {
		return sum.([16]byte)
	}
	digest := md5.New()
	for left := size; left > 0; left -= period {
		n := left
		if n > period {
			n = period
		}
		digest.Write(pattern[:n])
	}
	var sum [16]byte
	digest.Sum(sum[:0])
	sums.Store(size, sum)
	return sum
}

type version struct {
	id     uint64
	size   int64
	time   int64 // nanoseconds
	etag   [16]byte
	parts  int32 // 0: the tag is the MD5 of the bytes
	marker bool
	meta   *string
}

type entry struct {
	key   string
	now   version
	older []version // newest first
}

func (v *version) tag() string {
	text := hex.EncodeToString(v.etag[:])
	if v.parts > 0 {
		return fmt.Sprintf("%s-%d", text, v.parts)
	}
	return text
}

func (v *version) name() string {
	return fmt.Sprintf("%016x%016x", v.id, v.id*0x9E3779B97F4A7C15)
}

type bucket struct {
	name      string
	versioned bool
	lock      sync.RWMutex
	sorted    []*entry
	fresh     map[string]*entry // not yet in sorted
	watchers  map[chan string]bool
}

var lastID atomic.Uint64

func newBucket(name string, versioned bool) *bucket {
	return &bucket{name: name, versioned: versioned, fresh: map[string]*entry{}, watchers: map[chan string]bool{}}
}

func (b *bucket) position(key string) int {
	return sort.Search(len(b.sorted), func(i int) bool { return b.sorted[i].key >= key })
}

func (b *bucket) find(key string) *entry {
	if e, ok := b.fresh[key]; ok {
		return e
	}
	if i := b.position(key); i < len(b.sorted) && b.sorted[i].key == key {
		return b.sorted[i]
	}
	return nil
}

// Brings new keys into order. Called before each listing.
func (b *bucket) settle() {
	b.lock.RLock()
	clean := len(b.fresh) == 0
	b.lock.RUnlock()
	if clean {
		return
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	added := make([]*entry, 0, len(b.fresh))
	for _, e := range b.fresh {
		added = append(added, e)
	}
	sort.Slice(added, func(i, j int) bool { return added[i].key < added[j].key })
	if len(b.sorted) == 0 || len(added) == 0 || b.sorted[len(b.sorted)-1].key < added[0].key {
		b.sorted = append(b.sorted, added...)
	} else {
		merged := make([]*entry, 0, len(b.sorted)+len(added))
		i, j := 0, 0
		for i < len(b.sorted) || j < len(added) {
			if j == len(added) || i < len(b.sorted) && b.sorted[i].key < added[j].key {
				merged = append(merged, b.sorted[i])
				i++
			} else {
				merged = append(merged, added[j])
				j++
			}
		}
		b.sorted = merged
	}
	b.fresh = map[string]*entry{}
}

// Writes a version; the caller holds the lock.
func (b *bucket) put(key string, v version) version {
	v.id = lastID.Add(1)
	if v.time == 0 {
		v.time = time.Now().UnixNano()
	}
	e := b.find(key)
	if e == nil {
		b.fresh[key] = &entry{key: key, now: v}
	} else {
		if b.versioned {
			e.older = append([]version{e.now}, e.older...)
		}
		e.now = v
	}
	for w := range b.watchers {
		select {
		case w <- key:
		default:
		}
	}
	return v
}

// Fills the bucket with keys that rise, which is quick. Keys look like the application's.
func (b *bucket) fill(prefix string, count int64, size int64, layout string) error {
	b.settle()
	b.lock.Lock()
	defer b.lock.Unlock()
	format, err := keyFormat(layout)
	if err != nil {
		return err
	}
	added := make([]*entry, 0, count)
	block := make([]entry, count)
	now := time.Now().Add(-time.Hour).UnixNano()
	meta := "content-type: application/octet-stream\r\n"
	for i := int64(0); i < count; i++ {
		bytes := size
		if layout == "vista" {
			bytes = vistaSize(i)
		}
		e := &block[i]
		e.key = prefix + format(i)
		e.now = version{id: lastID.Add(1), size: bytes, time: now, etag: md5Of(bytes), meta: &meta}
		added = append(added, e)
	}
	if len(b.sorted) == 0 || b.sorted[len(b.sorted)-1].key < added[0].key {
		b.sorted = append(b.sorted, added...)
	} else {
		all := append(b.sorted, added...)
		sort.Slice(all, func(i, j int) bool { return all[i].key < all[j].key })
		b.sorted = all
	}
	return nil
}

func keyFormat(layout string) (func(int64) string, error) {
	switch layout {
	case "", "tree", "vista":
		return func(i int64) string {
			return fmt.Sprintf("projects/%06d/images/%08d.jpg", i/1000, i)
		}, nil
	case "flat":
		return func(i int64) string { return fmt.Sprintf("object-%012d", i) }, nil
	case "hex":
		return func(i int64) string {
			return fmt.Sprintf("%016x", uint64(i)*0x9E3779B97F4A7C15)
		}, nil
	}
	return nil, fmt.Errorf("no layout %q", layout)
}

// Sizes as VISTA has them: mostly small JSON and thumbnails, some pictures, a few archives.
func vistaSize(i int64) int64 {
	switch {
	case i%1000 == 7:
		return 96 << 20
	case i%100 == 3:
		return 3 << 20
	case i%10 < 3:
		return 200<<10 + i%1000
	default:
		return 2<<10 + i%4096
	}
}

// What VISTA DR keeps for itself is no part of what is compared.
const reserved = ".vistadr/"

// A fingerprint of the current state: any difference in keys, sizes or tags changes it.
func (b *bucket) digest(prefix string) (count, size int64, sum uint64) {
	b.settle()
	b.lock.RLock()
	defer b.lock.RUnlock()
	for i := b.position(prefix); i < len(b.sorted); i++ {
		e := b.sorted[i]
		if len(e.key) < len(prefix) || e.key[:len(prefix)] != prefix {
			break
		}
		if e.now.marker || strings.HasPrefix(e.key, reserved) {
			continue
		}
		hash := fnv.New64a()
		hash.Write([]byte(e.key))
		// Larger ones arrive in parts at some clients, and then have another kind of tag.
		if e.now.parts == 0 && e.now.size <= 64<<20 {
			hash.Write(e.now.etag[:])
		}
		fmt.Fprintf(hash, "%d", e.now.size)
		sum += hash.Sum64()
		count++
		size += e.now.size
	}
	return
}
