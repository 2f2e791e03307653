curl -fsS -G "$HELIANTHUS_URL/api/v1/status" \
  --data-urlencode "name=五原向日葵" -d market=XA -d on=2026-01-01
