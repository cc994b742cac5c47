awk '{ words += NF } END { print NR, words }' | sed 's/ */ /'
