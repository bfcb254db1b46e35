package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A request as far as the stub looks at it.
type request struct {
	method, rawPath, rawQuery string
	bucket, key               string
	query                     map[string]string
	length                    int64 // of the body on the wire; -1 for chunked
	head                      headers
	close                     bool
	in                        *bufio.Reader
	conn                      *net.TCPConn
}

// The headers that matter. What else comes is dropped.
type headers struct {
	contentMD5, ifMatch, ifNoneMatch, copySource, byteRange, decodedLength, expect string
	sha256, crc32c, trailer                                                        string
	meta                                                                           string // content-type and x-amz-meta-*, ready to be sent
}

// An answer whose body is either bytes or a stretch of the content pattern.
type answer struct {
	status  int
	headers []byte // lines, each ended by CR LF
	body    []byte
	pattern bool // body is `size` bytes of the pattern from `offset` on
	offset  int64
	size    int64
	stream  func(w io.Writer) // instead of a body, until the connection ends
}

var errClosed = errors.New("closed")

// The body is not the one that its checksum was made of.
var errDigest = errors.New("digest")

const crcHeader = "x-amz-checksum-crc32c"

func (s *server) serve(conn *net.TCPConn) {
	defer conn.Close()
	_ = conn.SetNoDelay(true)
	in := bufio.NewReaderSize(conn, 16<<10)
	out := make([]byte, 0, 1024)
	for {
		r, err := readRequest(in, conn)
		if err != nil {
			return
		}
		a := s.handle(r)
		if r.length != 0 {
			// What the handler left of the body.
			if r.discard() != nil {
				return
			}
		}
		if d := s.delay.Load(); d > 0 && !strings.HasPrefix(r.rawPath, "/_stub/") {
			time.Sleep(time.Duration(d))
		}
		if out, err = send(conn, r, a, out[:0]); err != nil || r.close {
			return
		}
	}
}

func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

func readRequest(in *bufio.Reader, conn *net.TCPConn) (*request, error) {
	line, err := readLine(in)
	if err != nil {
		return nil, err
	}
	r := &request{in: in, conn: conn}
	first := bytes.IndexByte(line, ' ')
	last := bytes.LastIndexByte(line, ' ')
	if first < 0 || last <= first {
		return nil, errClosed
	}
	r.method = string(line[:first])
	target := string(line[first+1 : last])
	r.rawPath, r.rawQuery, _ = strings.Cut(target, "?")
	for {
		line, err = readLine(in)
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			break
		}
		r.header(line)
	}
	r.query = parseQuery(r.rawQuery)
	path := strings.TrimPrefix(unescape(r.rawPath), "/")
	r.bucket, r.key, _ = strings.Cut(path, "/")
	if strings.EqualFold(r.head.expect, "100-continue") {
		if _, err := conn.Write([]byte("HTTP/1.1 100 Continue\r\n\r\n")); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *request) header(line []byte) {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return
	}
	name := line[:colon]
	lower(name)
	value := bytes.TrimSpace(line[colon+1:])
	switch string(name) {
	case "content-length":
		r.length, _ = strconv.ParseInt(string(value), 10, 64)
	case "transfer-encoding":
		r.length = -1
	case "connection":
		r.close = strings.EqualFold(string(value), "close")
	case "content-md5":
		r.head.contentMD5 = string(value)
	case "if-match":
		r.head.ifMatch = strings.Trim(string(value), `"`)
	case "if-none-match":
		r.head.ifNoneMatch = strings.Trim(string(value), `"`)
	case "x-amz-copy-source":
		r.head.copySource = string(value)
	case "range":
		r.head.byteRange = string(value)
	case "x-amz-decoded-content-length":
		r.head.decodedLength = string(value)
	case "expect":
		r.head.expect = string(value)
	case "x-amz-checksum-sha256":
		r.head.sha256 = string(value)
	case "x-amz-checksum-crc32c":
		r.head.crc32c = string(value)
	case "x-amz-trailer":
		r.head.trailer = string(value)
	default:
		if bytes.HasPrefix(name, []byte("x-amz-meta-")) || string(name) == "content-type" {
			r.head.meta += string(name) + ": " + string(value) + "\r\n"
		}
	}
}

func lower(name []byte) {
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			name[i] = c + 'a' - 'A'
		}
	}
}

// The object's size: aws-chunked bodies say it apart from the wire length.
func (r *request) bodySize() int64 {
	if r.head.decodedLength != "" {
		n, _ := strconv.ParseInt(r.head.decodedLength, 10, 64)
		return n
	}
	return r.length
}

func (r *request) readBody() ([]byte, error) {
	if r.length < 0 {
		return nil, r.discard()
	}
	body := make([]byte, r.length)
	_, err := io.ReadFull(r.in, body)
	r.length = 0
	return body, err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var chunks = sync.Pool{New: func() any { return new([256 << 10]byte) }}

// Takes the body off the socket. One that comes with its CRC32C, before or after it, is read and compared as a real
// server does it, whatever it costs here.
func (r *request) take() error {
	trailer := r.head.trailer == crcHeader
	if r.length <= 0 || r.head.crc32c == "" && !trailer {
		return r.discard()
	}
	var sum uint32
	var err error
	if trailer {
		err = r.chunked(func(n int64) error { return r.sum(n, &sum) }, func(name, value string) {
			if strings.EqualFold(name, crcHeader) {
				r.head.crc32c = value
			}
		})
	} else {
		err = r.sum(r.length, &sum)
	}
	if err != nil {
		return err
	}
	r.length = 0
	if base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, sum)) != r.head.crc32c {
		return errDigest
	}
	return nil
}

func (r *request) sum(left int64, sum *uint32) error {
	chunk := chunks.Get().(*[256 << 10]byte)
	defer chunks.Put(chunk)
	for left > 0 {
		part := chunk[:min(left, int64(len(chunk)))]
		n, err := io.ReadFull(r.in, part)
		if err != nil {
			return err
		}
		*sum = crc32.Update(*sum, castagnoli, part[:n])
		left -= int64(n)
	}
	return nil
}

// Takes the body off the socket without copying it to this process, where the system can.
func (r *request) discard() error {
	if r.length < 0 {
		return r.discardChunked()
	}
	left := r.length
	r.length = 0
	buffered := int64(r.in.Buffered())
	if buffered > left {
		buffered = left
	}
	if _, err := r.in.Discard(int(buffered)); err != nil {
		return err
	}
	left -= buffered
	if left == 0 {
		return nil
	}
	raw, err := r.conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		for left > 0 {
			want := left
			if want > int64(len(trash)) {
				want = int64(len(trash))
			}
			n, _, e := syscall.Recvfrom(int(fd), trash[:want], syscall.MSG_TRUNC|syscall.MSG_DONTWAIT)
			if e == syscall.EAGAIN || e == syscall.EINTR {
				if e == syscall.EINTR {
					continue
				}
				return false
			}
			if e != nil {
				failed = e
				return true
			}
			if n == 0 {
				failed = io.ErrUnexpectedEOF
				return true
			}
			left -= int64(n)
		}
		return true
	})
	if err != nil {
		return err
	}
	return failed
}

func (r *request) discardChunked() error {
	r.length = 0
	return r.chunked(func(n int64) error {
		_, err := io.CopyN(io.Discard, r.in, n)
		return err
	}, func(name, value string) {})
}

// Reads a body that comes in chunks: take reads the bytes of one, trailer gets each line behind the last.
func (r *request) chunked(take func(n int64) error, trailer func(name, value string)) error {
	for {
		line, err := readLine(r.in)
		if err != nil {
			return err
		}
		text, _, _ := strings.Cut(string(line), ";")
		n, err := strconv.ParseInt(strings.TrimSpace(text), 16, 64)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if err := take(n); err != nil {
			return err
		}
		if _, err := r.in.Discard(2); err != nil {
			return err
		}
	}
	for {
		line, err := readLine(r.in)
		if err != nil || len(line) == 0 {
			return err
		}
		name, value, _ := strings.Cut(string(line), ":")
		trailer(name, strings.TrimSpace(value))
	}
}

// Never looked at: bytes are dropped by the kernel.
var trash = make([]byte, 1<<20)

func send(conn *net.TCPConn, r *request, a *answer, out []byte) ([]byte, error) {
	out = append(out, "HTTP/1.1 "...)
	out = strconv.AppendInt(out, int64(a.status), 10)
	out = append(out, ' ')
	out = append(out, reason(a.status)...)
	out = append(out, "\r\nServer: stub\r\nDate: "...)
	out = append(out, httpDate()...)
	out = append(out, "\r\n"...)
	out = append(out, a.headers...)
	if a.stream != nil {
		out = append(out, "Content-Type: application/json\r\nConnection: close\r\n\r\n"...)
		if _, err := conn.Write(out); err != nil {
			return out, err
		}
		a.stream(conn)
		return out, errClosed
	}
	length := int64(len(a.body))
	if a.pattern {
		length = a.size
	}
	if a.status != 204 && a.status != 304 {
		out = append(out, "Content-Length: "...)
		out = strconv.AppendInt(out, length, 10)
		out = append(out, "\r\n"...)
	}
	out = append(out, "\r\n"...)
	if r.method == "HEAD" || a.status == 204 || a.status == 304 {
		_, err := conn.Write(out)
		return out, err
	}
	if !a.pattern {
		if len(a.body) < 8<<10 {
			_, err := conn.Write(append(out, a.body...))
			return out, err
		}
		buffers := net.Buffers{out, a.body}
		_, err := buffers.WriteTo(conn)
		return out, err
	}
	offset, left := a.offset, a.size
	head := out
	for {
		from := offset % period
		n := int64(len(pattern)) - from
		if n > left {
			n = left
		}
		var err error
		if head != nil {
			if n <= 8<<10 {
				_, err = conn.Write(append(head, pattern[from:from+n]...))
			} else {
				buffers := net.Buffers{head, pattern[from : from+n]}
				_, err = buffers.WriteTo(conn)
			}
			head = nil
		} else if n > 0 {
			_, err = conn.Write(pattern[from : from+n])
		}
		offset += n
		left -= n
		if err != nil || left == 0 {
			return out, err
		}
	}
}

func reason(status int) string {
	switch status {
	case 200:
		return "OK"
	case 204:
		return "No Content"
	case 206:
		return "Partial Content"
	case 304:
		return "Not Modified"
	case 404:
		return "Not Found"
	case 412:
		return "Precondition Failed"
	}
	return "Answer"
}

func parseQuery(raw string) map[string]string {
	if raw == "" {
		return nil
	}
	query := make(map[string]string, 6)
	for _, pair := range strings.Split(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		query[unescapeQuery(name)] = unescapeQuery(value)
	}
	return query
}

func unescapeQuery(text string) string {
	if strings.IndexByte(text, '+') >= 0 {
		text = strings.ReplaceAll(text, "+", " ")
	}
	return unescape(text)
}

func unescape(text string) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if n, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return string(out)
}

const hexDigits = "0123456789ABCDEF"

// Percent encodes as S3 does with encoding-type=url: all but unreserved characters and the slash.
func escape(out []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c == '-' || c == '.' || c == '_' || c == '~' || c == '/' {
			out = append(out, c)
		} else {
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return out
}

func xmlText(out []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '&':
			out = append(out, "&amp;"...)
		case '<':
			out = append(out, "&lt;"...)
		case '>':
			out = append(out, "&gt;"...)
		default:
			out = append(out, c)
		}
	}
	return out
}
