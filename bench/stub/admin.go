package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

func jsonAnswer(value any) *answer {
	body, err := json.Marshal(value)
	if err != nil {
		return failure(500, err.Error())
	}
	return &answer{status: 200, headers: []byte("Content-Type: application/json\r\n"), body: body}
}

// What the harness asks for, below /_stub/.
func (s *server) admin(r *request) *answer {
	q := r.query
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(q[name], 10, 64)
		return n
	}
	b := s.bucket(q["bucket"])
	if b == nil && q["bucket"] != "" && r.key != "create" {
		return failure(404, "NoSuchBucket")
	}
	switch r.key {
	case "create": // a new, empty bucket in place of an old one
		s.lock.Lock()
		s.buckets[q["bucket"]] = newBucket(q["bucket"], q["versioned"] == "1")
		s.lock.Unlock()
		runtime.GC()
		debug.FreeOSMemory()
		return jsonAnswer("ok")
	case "fill":
		if err := b.fill(q["prefix"], number("count"), number("size"), q["layout"]); err != nil {
			return failure(400, err.Error())
		}
		return jsonAnswer("ok")
	case "touch": // overwrites every step-th key with other content
		b.settle()
		b.lock.Lock()
		defer b.lock.Unlock()
		changed := 0
		step := int(number("step"))
		for i := b.position(q["prefix"]); i < len(b.sorted); i += step {
			e := b.sorted[i]
			if !strings.HasPrefix(e.key, q["prefix"]) {
				break
			}
			size := e.now.size + 1
			b.put(e.key, version{size: size, etag: md5Of(size), meta: e.now.meta})
			changed++
		}
		return jsonAnswer(changed)
	case "put": // one change
		b.lock.Lock()
		defer b.lock.Unlock()
		size := number("size")
		v := b.put(q["key"], version{size: size, etag: md5Of(size)})
		return jsonAnswer(v.time)
	case "times": // when each key below a prefix last changed, in nanoseconds
		b.settle()
		b.lock.RLock()
		defer b.lock.RUnlock()
		times := map[string]int64{}
		for i := b.position(q["prefix"]); i < len(b.sorted) && strings.HasPrefix(b.sorted[i].key, q["prefix"]); i++ {
			times[b.sorted[i].key] = b.sorted[i].now.time
		}
		return jsonAnswer(times)
	case "digest":
		count, size, sum := b.digest(q["prefix"])
		return jsonAnswer(map[string]any{"count": count, "bytes": size, "sum": fmt.Sprint(sum)})
	case "delay":
		s.delay.Store(number("us") * int64(time.Microsecond))
		return jsonAnswer("ok")
	case "counts": // and starts anew
		counts := map[string]int64{}
		s.counts.Range(func(name, n any) bool {
			if value := n.(*atomic.Int64).Swap(0); value > 0 {
				counts[name.(string)] = value
			}
			return true
		})
		return jsonAnswer(counts)
	}
	return failure(404, "NoSuchCommand")
}
