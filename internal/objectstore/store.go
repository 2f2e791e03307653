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
	VirtualHosted                                  bool   // the bucket is part of the host name, as some services demand
	Links                                          string // scheme and host of signed links when browsers cannot reach Endpoint, see Door
}

// Store is a bucket.
type Store struct {
	client     *s3.Client
	presign    *s3.PresignClient
	bucket     string
	endpoint   *url.URL
	linkOrigin *url.URL
}

// Object is what the store knows of a file. SHA256 is in hexadecimal, empty when the store has none.
type Object struct {
	Key, Version, MediaType, SHA256 string
	Size                            int64
	ModifiedAt                      time.Time
	CacheControl                    string // of what was published; Stat reads it
}

// Open connects to the bucket, and makes it with versions and object lock when it is missing. It refuses a bucket
// without them: issued papers could not be held there.
func Open(ctx context.Context, c Config) (*Store, error) {
	s, err := newStore(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.findBucket(ctx, c.Region); err != nil {
		return nil, err
	}
	v, err := s.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &c.Bucket})
	if err != nil {
		return nil, wrap(err, "bucket %s: versions", c.Bucket)
	}
	if v.Status != types.BucketVersioningStatusEnabled {
		return nil, fmt.Errorf("bucket %s keeps no versions: make it with versions and object lock", c.Bucket)
	}
	lock, err := s.client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &c.Bucket})
	var none smithy.APIError
	switch {
	case errors.As(err, &none) && none.ErrorCode() == "ObjectLockConfigurationNotFoundError",
		err == nil && (lock.ObjectLockConfiguration == nil || lock.ObjectLockConfiguration.ObjectLockEnabled != types.ObjectLockEnabledEnabled):
		return nil, fmt.Errorf("bucket %s has no object lock: make it with versions and object lock", c.Bucket)
	case err != nil:
		return nil, wrap(err, "bucket %s: object lock", c.Bucket)
	}
	return s, nil
}

// newStore makes the clients and reads where links lead, as the client itself makes them. It asks nothing of the service.
func newStore(ctx context.Context, c Config) (*Store, error) {
	options := s3.Options{
		BaseEndpoint: &c.Endpoint, Region: c.Region, UsePathStyle: !c.VirtualHosted,
		Credentials:                credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, ""),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		RetryMaxAttempts:           4,
	}
	s := &Store{client: s3.New(options), bucket: c.Bucket}
	if c.Links != "" {
		options.BaseEndpoint = &c.Links
	}
	s.presign = s3.NewPresignClient(s3.New(options))
	var err error
	if s.endpoint, err = url.Parse(c.Endpoint); err != nil || s.endpoint.Host == "" {
		return nil, fmt.Errorf("objectstore: the endpoint %q is no address", c.Endpoint)
	}
	link, err := s.presign.PresignHeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket})
	if err != nil {
		return nil, wrap(err, "links")
	}
	u, err := url.Parse(link.URL)
	if err != nil {
		return nil, wrap(err, "links")
	}
	s.linkOrigin = &url.URL{Scheme: u.Scheme, Host: u.Host}
	return s, nil
}

// findBucket makes the bucket when it is missing. In production it is there, and its key need not be allowed to make any.
func (s *Store) findBucket(ctx context.Context, region string) error {
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket})
	var missing *types.NotFound
	if !errors.As(err, &missing) {
		return wrap(err, "bucket %s", s.bucket)
	}
	in := &s3.CreateBucketInput{Bucket: &s.bucket, ObjectLockEnabledForBucket: aws.Bool(true)}
	if region != gatewayRegion { // the one region that must not be named
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
	}
	_, err = s.client.CreateBucket(ctx, in)
	var mine *types.BucketAlreadyOwnedByYou // another node was faster
	if errors.As(err, &mine) {
		return nil
	}
	return wrap(err, "bucket %s", s.bucket)
}

// Ready tells whether the bucket can be reached.
func (s *Store) Ready(ctx context.Context) error {
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket})
	return wrap(err, "bucket")
}

// Publish stores a file that everybody may read, checked by its SHA-256 on arrival, with how long caches may keep it. Who may
// read it without a link the bucket's policy says.
func (s *Store) Publish(ctx context.Context, key, mediaType, cacheControl string, content []byte) error {
	sum := sha256.Sum256(content)
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, ContentType: &mediaType, CacheControl: &cacheControl, Body: bytes.NewReader(content), ContentLength: aws.Int64(int64(len(content))),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])),
	})
	return wrap(err, "publish %s", key)
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
	o := Object{Key: key, Version: aws.ToString(out.VersionId), MediaType: aws.ToString(out.ContentType), Size: aws.ToInt64(out.ContentLength), ModifiedAt: aws.ToTime(out.LastModified),
		CacheControl: aws.ToString(out.CacheControl)}
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

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	args = append(args, err)
	if errors.Is(err, context.Canceled) { // nobody waits for the answer any more
		return fmt.Errorf("objectstore: "+format+": %w", args...)
	}
	p := ErrUnavailable
	var api smithy.APIError
	var status interface{ HTTPStatusCode() int }
	if errors.As(err, &status) {
		switch code := status.HTTPStatusCode(); {
		case errors.As(err, &api) && api.ErrorCode() == "NoSuchBucket": // the operator's fault, not a missing file
		case code == http.StatusNotFound:
			p = ErrNotFound
		case code == http.StatusPreconditionFailed:
			p = ErrExists
		case code >= 400 && code < 500 && code != http.StatusTooManyRequests && code != http.StatusRequestTimeout:
			return fmt.Errorf("objectstore: "+format+": %w", args...)
		}
	}
	return fmt.Errorf("objectstore: "+format+": %w: %w", append(args[:len(args)-1], p, err)...)
}
