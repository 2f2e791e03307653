# Needs jq, and openssl 3 for the signature.
token=$(curl -fsS -d grant_type=client_credentials \
  -d client_id="$HELIANTHUS_CLIENT_ID" -d client_secret="$HELIANTHUS_CLIENT_SECRET" \
  "$HELIANTHUS_URL/api/v1/token" | jq -r .access_token)
get() { curl -fsS -H "Authorization: Bearer $token" "$HELIANTHUS_URL$1"; }
hash() { cat "$@" | openssl dgst -sha256 -binary; }
files=$(mktemp -d)
trap 'rm -r "$files"' EXIT
cd "$files"

get '/api/v1/publications?kind=registration&limit=1' | jq '.items[0]' > publication
get "/api/v1/publications/$(jq -r .id publication)/proof" > answer
jq -rj .proof answer > proof

# 1. The entry names the content's hash. Of what is not for everybody it is a commitment: the hash of salt and opened.
sed -n '2s/^extra //p' proof | base64 -d > entry
cp entry says
if jq -e .opened answer > /dev/null; then
  jq -r .salt answer | base64 -d > salt
  jq -rj .opened answer > says
  [ "$(jq -r .commitment entry)" = "$(cat salt says | openssl dgst -sha256 -r | cut -c1-64)" ]
fi
[ "$(jq -r .sha256 says)" = "$(jq -r .sha256 publication)" ]

# 2. The log has signed the checkpoint. Its key, NAME+HASH+BASE64, you took from its owner once.
name=${HELIANTHUS_LOG_KEY%%+*}
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf %s "${HELIANTHUS_LOG_KEY#*+*+}" | base64 -d | tail -c 32; } > key
sed '1,/^$/d' proof > checkpoint
sed '/^$/,$d' checkpoint > text
awk -v name="$name" '$1 == "—" && $2 == name { print $3; exit }' checkpoint | base64 -d | tail -c 64 > signature
openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature > /dev/null

# 3. The entry and the hashes beside its way make the checkpoint's root (RFC 9162, section 2.1.3.2).
index=$(sed -n '3s/^index //p' proof)
fn=$index
sn=$(($(sed -n 2p text) - 1))
printf '\000' > leaf
printf '\001' > node
hash leaf entry > root
sed '1,3d;/^$/,$d' proof > path
while read -r line; do
  printf %s "$line" | base64 -d > beside
  if [ $((fn & 1)) = 1 ] || [ "$fn" = "$sn" ]; then
    hash node beside root > next
    while [ $((fn & 1)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn >> 1)); sn=$((sn >> 1)); done
  else
    hash node root beside > next
  fi
  mv next root
  fn=$((fn >> 1)); sn=$((sn >> 1))
done < path
[ "$sn" = 0 ]
[ "$(base64 < root)" = "$(sed -n 3p text)" ]
echo "proved: entry $index of $name"
