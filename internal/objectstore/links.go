package objectstore

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Upload is a signed request that a browser may send once.
type Upload struct {
	URL, Method string
	Headers     map[string]string
}

// PresignPut signs an upload of exactly that size, type and SHA-256 (hexadecimal) to a key under which nothing is yet.
func (s *Store) PresignPut(ctx context.Context, key, mediaType string, size int64, sum string, ttl time.Duration) (Upload, error) {
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return Upload{}, fmt.Errorf("presign put %s: %w", key, err)
	}
	req, err := s.presign.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, ContentType: &mediaType, ContentLength: &size, IfNoneMatch: aws.String("*"),
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(raw)),
	}, s3.WithPresignExpires(ttl))
	if err != nil {
		return Upload{}, wrap(err, "presign put %s", key)
	}
	u := Upload{URL: req.URL, Method: req.Method, Headers: map[string]string{}}
	for name, values := range req.SignedHeader {
		if name != "Host" && name != "Content-Length" { // the browser sets these two itself
			u.Headers[name] = values[0]
		}
	}
	return u, nil
}

// PresignGet signs a link to a file under a name; inline shows it in the browser, otherwise it is saved.
func (s *Store) PresignGet(ctx context.Context, key, filename, mediaType string, inline bool, ttl time.Duration) (string, error) {
	disposition := "attachment"
	if inline {
		disposition = "inline"
	}
	// RFC 8187, section 3.2: every byte that is no letter, digit or one of -._~ is escaped, a space too.
	disposition += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(filename), "+", "%20")
	req, err := s.presign.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: &s.bucket, Key: &key, ResponseContentDisposition: &disposition, ResponseContentType: &mediaType, ResponseCacheControl: aws.String("private, no-store"),
	}, s3.WithPresignExpires(ttl))
	if err != nil {
		return "", wrap(err, "presign get %s", key)
	}
	return req.URL, nil
}

// LinkOrigin is scheme and host that signed links lead to, for the content security policy.
func (s *Store) LinkOrigin() string { return s.linkOrigin.String() }

// Door lets signed links through to the store, and leaves everything else to next. It stands before the product's own
// handler where browsers reach the product but not the store: Config.Links is then the product's address. The store checks
// the signature, here only its presence is asked for, so that nobody comes this way without one.
func (s *Store) Door(next http.Handler) http.Handler {
	door := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(s.endpoint)
			r.Out.Host = s.linkOrigin.Host // the name that was signed, whatever proxies before us call us
			r.Out.Header.Del("Cookie")     // the store has no business with sessions
		},
		ModifyResponse: guardAnswer,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				slog.ErrorContext(r.Context(), "the object store does not answer", "error", err)
			}
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.passes(r) {
			next.ServeHTTP(w, r)
			return
		}
		// A large file on a slow line takes longer than the server waits for a request; the link's own end is the limit.
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Time{}) // not every server has one to take away
		_ = control.SetWriteDeadline(time.Time{})
		door.ServeHTTP(w, r)
	})
}

func (s *Store) passes(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodOptions:
	default:
		return false
	}
	key, inside := strings.CutPrefix(r.URL.Path, "/"+s.bucket+"/")
	return inside && key != "" && path.Clean(r.URL.Path) == r.URL.Path && r.URL.Query().Has("X-Amz-Signature")
}

// guardAnswer keeps what tenants uploaded from acting as a page of ours, since it comes from our own address.
func guardAnswer(r *http.Response) error {
	r.Header.Set("X-Content-Type-Options", "nosniff")
	policy := "default-src 'none'; style-src 'unsafe-inline'"
	if r.Header.Get("Content-Type") != "application/pdf" { // browsers show no PDF in a sandbox; scripts in it stay in its viewer
		policy += "; sandbox"
	}
	r.Header.Set("Content-Security-Policy", policy)
	return nil
}
