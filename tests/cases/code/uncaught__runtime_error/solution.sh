set -eu
echo 41
echo "$cheese"
