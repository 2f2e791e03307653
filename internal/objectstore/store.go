package objectstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of the store.
var (
	ErrUnavailable = problem.New(problem.Unavailable, "objectstore.unavailable")
	ErrNotFound    = problem.New(problem.NotFound, "objectstore.not-found")
	ErrExists      = problem.New(problem.Conflict, "objectstore.exists") // something is stored under that key already
)

// Config says where the store is.
type Config struct {
	Endpoint, Region, Bucket, AccessKey, SecretKey string
}

// Store is a bucket.
type Store struct {
	client  *s3.Client
	presign *s3.PresignClient
	bucket  string
}

// Object is what the store knows of a file. SHA256 is in hexadecimal, empty when the store has none.
type Object struct {
	Key, Version, MediaType, SHA256 string
	Size                            int64
	ModifiedAt                      time.Time
}

// Open connects to the bucket, and makes it with versions and object lock when it is missing.
func Open(ctx context.Context, c Config) (*Store, error) {
	client := s3.New(s3.Options{
		BaseEndpoint: &c.Endpoint, Region: c.Region, UsePathStyle: true,
		Credentials:                credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, ""),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		RetryMaxAttempts:           4,
	})
	s := &Store{client: client, presign: s3.NewPresignClient(client), bucket: c.Bucket}
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &c.Bucket, ObjectLockEnabledForBucket: aws.Bool(true)})
	var mine *types.BucketAlreadyOwnedByYou
	var taken *types.BucketAlreadyExists
	if err != nil && !errors.As(err, &mine) && !errors.As(err, &taken) {
		return nil, fmt.Errorf("bucket %s: %w", c.Bucket, err)
	}
	v, err := client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &c.Bucket})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: versions: %w", c.Bucket, err)
	}
	if v.Status != types.BucketVersioningStatusEnabled {
		return nil, fmt.Errorf("bucket %s keeps no versions: make it with versions and object lock", c.Bucket)
	}
	return s, nil
}

// Ready tells whether the bucket can be reached.
func (s *Store) Ready(ctx context.Context) error {
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket})
	return wrap(err, "bucket")
}

// Put stores a file, checked by its SHA-256 on arrival. A retention makes it undeletable until that instant; zero: none.
func (s *Store) Put(ctx context.Context, key, mediaType string, content []byte, retainUntil time.Time) (Object, error) {
	sum := sha256.Sum256(content)
	in := &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, ContentType: &mediaType, Body: bytes.NewReader(content), ContentLength: aws.Int64(int64(len(content))),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])),
	}
	if !retainUntil.IsZero() {
		in.ObjectLockMode, in.ObjectLockRetainUntilDate = types.ObjectLockModeCompliance, &retainUntil
	}
	out, err := s.client.PutObject(ctx, in)
	if err != nil {
		return Object{}, wrap(err, "put %s", key)
	}
	return Object{Key: key, Version: aws.ToString(out.VersionId), MediaType: mediaType, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}, nil
}

// Get opens a file; an empty version is the newest. The caller closes it.
func (s *Store) Get(ctx context.Context, key, version string) (io.ReadCloser, error) {
	in := &s3.GetObjectInput{Bucket: &s.bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	out, err := s.client.GetObject(ctx, in)
	if err != nil {
		return nil, wrap(err, "get %s", key)
	}
	return out.Body, nil
}

// Stat says what is stored under a key.
func (s *Store) Stat(ctx context.Context, key string) (Object, error) {
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
	if err != nil {
		return Object{}, wrap(err, "stat %s", key)
	}
	o := Object{Key: key, Version: aws.ToString(out.VersionId), MediaType: aws.ToString(out.ContentType), Size: aws.ToInt64(out.ContentLength), ModifiedAt: aws.ToTime(out.LastModified)}
	if sum, err := base64.StdEncoding.DecodeString(aws.ToString(out.ChecksumSHA256)); err == nil {
		o.SHA256 = hex.EncodeToString(sum)
	}
	return o, nil
}

// Copy stores a version of a file under another key, with its checksum; retention as in Put.
func (s *Store) Copy(ctx context.Context, from, fromVersion, to string, retainUntil time.Time) (Object, error) {
	source := url.PathEscape(s.bucket + "/" + from)
	if fromVersion != "" {
		source += "?versionId=" + url.QueryEscape(fromVersion)
	}
	in := &s3.CopyObjectInput{Bucket: &s.bucket, Key: &to, CopySource: &source, ChecksumAlgorithm: types.ChecksumAlgorithmSha256}
	if !retainUntil.IsZero() {
		in.ObjectLockMode, in.ObjectLockRetainUntilDate = types.ObjectLockModeCompliance, &retainUntil
	}
	if _, err := s.client.CopyObject(ctx, in); err != nil {
		return Object{}, wrap(err, "copy %s to %s", from, to)
	}
	return s.Stat(ctx, to)
}

// Delete removes the newest version of a file from sight; locked versions stay.
func (s *Store) Delete(ctx context.Context, key string) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	return wrap(err, "delete %s", key)
}

// DeleteVersion removes one version for good, unless a retention holds it.
func (s *Store) DeleteVersion(ctx context.Context, key, version string) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key, VersionId: &version})
	return wrap(err, "delete %s %s", key, version)
}

// List walks the files below a prefix in the order of keys until fn returns false.
func (s *Store) List(ctx context.Context, prefix string, fn func(Object) bool) error {
	p := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &prefix})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return wrap(err, "list %s", prefix)
		}
		for _, o := range page.Contents {
			if !fn(Object{Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ModifiedAt: aws.ToTime(o.LastModified)}) {
				return nil
			}
		}
	}
	return nil
}

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
	disposition += "; filename*=UTF-8''" + url.PathEscape(filename)
	req, err := s.presign.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: &s.bucket, Key: &key, ResponseContentDisposition: &disposition, ResponseContentType: &mediaType, ResponseCacheControl: aws.String("private, no-store"),
	}, s3.WithPresignExpires(ttl))
	if err != nil {
		return "", wrap(err, "presign get %s", key)
	}
	return req.URL, nil
}

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	p := ErrUnavailable
	var status interface{ HTTPStatusCode() int }
	var api smithy.APIError
	switch {
	case errors.As(err, &status) && status.HTTPStatusCode() == http.StatusNotFound:
		p = ErrNotFound
	case errors.As(err, &status) && status.HTTPStatusCode() == http.StatusPreconditionFailed:
		p = ErrExists
	case errors.As(err, &api) && status != nil && status.HTTPStatusCode() < 500:
		return fmt.Errorf("objectstore: "+format+": %w", append(args, err)...)
	}
	return fmt.Errorf("objectstore: "+format+": %w: %w", append(args, p, err)...)
}
